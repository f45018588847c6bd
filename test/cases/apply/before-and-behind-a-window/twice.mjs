export default (r) => [{ ...r, half: 1 }, { ...r, half: 2 }];
