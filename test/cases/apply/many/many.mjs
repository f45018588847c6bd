export default ({ n }) => Array.from({ length: n }, (_, i) => ({ i }));
