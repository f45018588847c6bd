// in: nothing
// out: how much state is taken at a time

/** Tests set others. */
export const slices = {
  /** keys: what is done with so many takes a few milliseconds at most */
  keys: 1024,
};
