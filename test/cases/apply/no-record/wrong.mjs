export default (r) => r.x > 1;
