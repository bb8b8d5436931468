// Whom the API reaches: calls and texts go to the US and Canada only. Other countries share the code +1.

/** Area codes of the North American plan that belong to other countries. */
const ELSEWHERE = new Set(
  "242 246 264 268 284 345 441 473 649 658 664 721 758 767 784 809 829 849 868 869 876".split(" "),
);

export const isInUsOrCanada = (number: string): boolean =>
  /^\+1\d{10}$/.test(number) && !ELSEWHERE.has(number.slice(2, 5));
