import { journey } from "./harness.mjs";

journey("a visitor sees the heading", async ({ page }) => {
  await page.getByRole("heading", { name: "Hustings", level: 1 }).waitFor();
});
