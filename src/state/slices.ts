// in: nothing
// out: how much state is taken at a time

/** Tests set others. */
export const slices = {
  /** keys: what is done with so many takes a millisecond or two, and not much more before the code is warm */
  keys: 512,
};
