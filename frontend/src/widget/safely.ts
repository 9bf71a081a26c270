/** Run a step of ours on somebody else's page: what fails is reported there and stops here. */
export function safely(step: () => void): void {
  try {
    step();
  } catch (error) {
    console.error("kefu:", error);
  }
}
