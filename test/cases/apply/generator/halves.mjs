export default function* ({ x }) {
  for (; x >= 1; x /= 2) yield { x };
}
