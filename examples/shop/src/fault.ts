/** A fault that anyone may put into the new checkout, on the page of visitors: to see what safeguards do about it. */
export class Fault {
  isOn = false;

  /** @throws while the fault is there */
  check(): void {
    if (this.isOn) throw new Error('the new checkout is broken: someone pressed the button on the page of visitors');
  }
}
