/** Numbers that cannot have been counted, or a test that cannot be made: whoever gave them has an error to mend. */
export class InvalidEvidence extends Error {
  override readonly name = 'InvalidEvidence';
}
