// Triggered elections and network faults.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, becomes, button, caption, captions, entry, identify, linkIs, onlyEvents, onlyLeader, onStage, press, realTime, rowsOf, runLines } from "./page.mjs";

journey("the first election is shown with the reason why it began", async ({ page }) => {
  const told = await captions(page);
  await onlyLeader(page);
  // Not always that of the leader: another one's may have been first.
  const stands = /S\d's election timer has run out: it starts an election in term 1.*§5\.2/;
  assert((await told()).some((caption) => stands.test(caption)), `nothing like ${stands} in ${await told()}`);
});

journey("two clicks trigger an election", async ({ page }) => {
  await atStart(page);
  await onStage(page, "S2").click();
  await button(page, "Time out S2").click();
  await becomes(page, "S2", "candidate", 1);
  await caption(page).getByText("S2's election timer has run out: it starts an election").first().waitFor();
});

journey("one key triggers a split vote, and a later term elects a leader", { everywhere: true }, async ({ page }) => {
  await atStart(page);
  await press(page, "a");
  assert.equal(await rowsOf(page, "candidate").count(), 5);
  await runLines(page, "deliver all");
  assert.equal(await rowsOf(page, "candidate").count(), 5);
  await onlyEvents(page, "S2 refuses S1 its vote");
  await page.getByLabel("Events", { exact: true }).getByRole("listitem").getByText(/S2 refuses S1 its vote/).first().waitFor();
  await realTime(page);
  await press(page, "Space");
  const { term } = await onlyLeader(page);
  assert(term > 1);
});

journey("a partition has two leaders whose logs diverge; healing repairs them", { everywhere: true }, async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms");
  await becomes(page, "S1", "leader", 1);
  for (const server of ["S1", "S2"]) {
    await page.getByLabel(`${server} on one side`).check();
  }
  await button(page, "Partition S1 S2 | S3 S4 S5").click();
  await runLines(page, "timeout S3", "run 100ms");
  await becomes(page, "S1", "leader", 1);
  await becomes(page, "S3", "leader", 2);

  for (const server of ["S1", "S1", "S3"]) {
    await onStage(page, server).click();
    await button(page, `Send ${server} a request`).click();
  }
  await runLines(page, "run 200ms");
  await page.getByRole("row", { name: /^S2 / }).getByTitle("Index 3, term 1: x=2, not known to be committed").waitFor();
  await page.getByRole("row", { name: /^S4 / }).getByTitle("Index 3, term 2: x=3, committed").waitFor();

  await button(page, "Heal").click();
  await runLines(page, "run 500ms");
  for (const server of ["S1", "S2", "S3", "S4", "S5"]) {
    await entry(page, server, 3).and(page.getByTitle("Index 3, term 2: x=3, committed")).waitFor();
    assert.equal(await entry(page, server, 4).count(), 0);
  }
  const { name, term } = await identify(rowsOf(page, "leader"));
  assert.deepEqual([name, term], ["S3", 2]);
});

journey("servers dragged out of the ring are partitioned off together; dragging them back mends their links", { everywhere: true }, async ({ page }) => {
  await atStart(page);
  const middle = async (server) => {
    const { x, y, width, height } = await onStage(page, server).locator(".body").boundingBox();
    return { x: x + width / 2, y: y + height / 2, radius: width / 2 };
  };
  const drag = async (server, to) => {
    const from = await middle(server);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
  };
  const link = (state) => linkIs(page, state);

  const { x, y, radius } = await middle("S1");
  await drag("S1", { x, y: y - 1.4 * radius });
  await link("S1 to S2, cut");
  await link("S2 to S3, whole");

  const first = await middle("S1");
  await drag("S2", { x: first.x + 1.5 * radius, y: first.y });
  await link("S1 to S2, whole");
  await link("S2 to S3, cut");
  await link("S1 to S5, cut");

  await drag("S1", await middle("S5"));
  await link("S1 to S5, whole");
  await link("S1 to S2, cut");
  await drag("S2", await middle("S3"));
  await link("S1 to S2, whole");
  assert(await button(page, "Heal").isDisabled());
});

journey("a link is cut one way, a message on it is shown as lost, and the link is mended", async ({ page }) => {
  await atStart(page);
  const link = page.getByRole("button", { name: /^Link S1 to S2,/ });
  await link.click();
  await button(page, "Cut S1->S2").click();
  await linkIs(page, "S1 to S2, cut one way");
  await press(page, "1", "t");
  const lost = page.getByRole("button", { name: /^RequestVote from S1 to S2.*It will be lost: the link is cut/ });
  await lost.waitFor();
  assert.match(await lost.getAttribute("class"), /\bundeliverable\b/);
  const other = page.getByRole("button", { name: /^RequestVote from S1 to S3/ });
  assert.doesNotMatch(await other.getAttribute("class"), /\bundeliverable\b/);
  // The actions for S1 stand beside it, on the link.
  await press(page, "Escape");
  await link.click();
  await button(page, "Mend S1->S2").click();
  await linkIs(page, "S1 to S2, whole");
});

journey("a second partition replaces the first, and says what it mends", async ({ page }) => {
  await atStart(page);
  await runLines(page, "partition S1 S2 | S3 S4 S5");
  for (const server of ["S1", "S3"]) {
    await page.getByLabel(`${server} on one side`).check();
  }
  const again = button(page, "Partition S1 S3 | S2 S4 S5");
  assert.match(await again.getAttribute("title"), /mends every other/);
  await again.click();
  await caption(page).getByText(/partitioned into S1 S3 \| S2 S4 S5: all links between the groups are cut, and those within each are mended/).first().waitFor();
  await linkIs(page, "S1 to S3, whole");
  await linkIs(page, "S1 to S2, cut");
});

journey("a slow link is called slow, until it is as fast as the others", async ({ page }) => {
  await atStart(page);
  const link = page.getByRole("button", { name: /^Link S1 to S2,/ });
  await link.click();
  await button(page, "Make it slow").click();
  await linkIs(page, "S1 to S2, whole, slow");
  await linkIs(page, "S1 to S3, whole");
  await button(page, "Usual speed").click();
  await linkIs(page, "S1 to S2, whole");
});
