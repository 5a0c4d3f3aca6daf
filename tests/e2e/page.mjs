// What a visitor finds on the page, by role and label.

/** A server's row in the table of servers and logs. */
export const row = (page, server) =>
  page.getByRole("row", { name: new RegExp(`^${server} `) });

/** The rows of all servers of a role. */
export const rowsOf = (page, role) =>
  page.getByRole("row", { name: new RegExp(`^S\\d ${role} `) });

/** A server on the stage. */
export const onStage = (page, server) =>
  page.getByRole("group", { name: "Cluster" }).getByRole("button", {
    name: new RegExp(`^${server}, `),
  });

/** The button of that name. */
export const button = (page, name) =>
  page.getByRole("button", { name, exact: true });

/** Name and term of the server in a row. */
export async function identify(row) {
  const cells = await row.getByRole("cell").allInnerTexts();
  const name = await row.getByRole("rowheader").innerText();
  return { name, term: Number(cells[1]) };
}

/** Waits until exactly one server leads, and says which. */
export async function onlyLeader(page) {
  const leaders = rowsOf(page, "leader");
  await leaders.first().waitFor();
  await leaders.nth(1).waitFor({ state: "detached" });
  return identify(leaders);
}

/** Lets time pass as fast as the clock on the wall, instead of a tenth of it. */
export const realTime = (page) => page.getByLabel("Speed").fill("9");
