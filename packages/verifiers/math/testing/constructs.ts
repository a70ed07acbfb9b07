// For tests: everything that an answer can be made larger by, at any size.

/** One way for an answer to grow. */
export interface Construct {
  readonly name: string;
  /** An answer of about `size` units, characters more often than not, that ends in `last`. */
  make(size: number, last: string): string;
  /** The same answer written otherwise, where it has another way. */
  other?(size: number, last: string): string;
  /** The largest size that is worth a look, where the text does not end it before. */
  readonly most?: number;
}

/** The letters of which names are made: none of them means something by itself. */
const LETTERS = "abcxyzpqrstuvwkmn";
/** Past this a construct that writes its size in digits has tried every kind of limit. */
const MOST_VALUE = 10 ** 15;

const nested =
  (open: string, close: string) =>
  (size: number, last: string): string => {
    const count = Math.max(1, Math.floor(size / (open.length + close.length)));
    return open.repeat(count) + last + close.repeat(count);
  };

const repeated =
  (part: string) =>
  (size: number, last: string): string =>
    part.repeat(Math.max(1, Math.floor(size / part.length))) + last;

/** `count` parts, each made from its index, the last from `last`. */
function series(count: number, by: string, part: (index: number) => string, last: string): string {
  const parts = Array.from({ length: Math.max(1, count) }, (_, i) => part(i + 3));
  return [...parts, last].join(by);
}

const listed =
  (width: number, by: string, part: (index: number) => string, open = "", close = "") =>
  (size: number, last: string): string =>
    open + series(Math.floor(size / width), by, part, last) + close;

/** The same parts, the last of them first. */
const backwards =
  (width: number, by: string, part: (index: number) => string, open = "", close = "") =>
  (size: number, last: string): string => {
    const text = listed(width, "\n", part)(size, last);
    return open + text.split("\n").reverse().join(by) + close;
  };

/** A construct that holds its size as a number. */
const valued = (name: string, make: Construct["make"], most = MOST_VALUE): Construct => ({
  name,
  make,
  most,
});

const nameOf = (index: number): string => `${LETTERS[index % LETTERS.length]}_{${index}}`;

function matrix(size: number, last: string, cell: (i: number, j: number) => string): string {
  const side = Math.max(1, Math.floor(Math.sqrt(size / 8)));
  const rows = Array.from({ length: side }, (_, i) =>
    Array.from({ length: side }, (_, j) => (i + 1 === side && j + 1 === side ? last : cell(i, j))),
  );
  return rows.map((row) => row.join("&")).join("\\\\");
}

const inMatrix = (kind: string, inner: string): string => `\\begin{${kind}}${inner}\\end{${kind}}`;

const DIGITS = "1234567890";
const digits = (count: number): string =>
  DIGITS.repeat(Math.ceil(count / DIGITS.length)).slice(0, Math.max(1, count));

const NESTED: readonly Construct[] = [
  ["brackets", "(", ")"],
  ["brackets that size themselves", "\\left(", "\\right)"],
  ["square brackets", "[", "]"],
  ["braces", "{", "}"],
  ["sets in sets", "\\{", "\\}"],
  ["tuples in tuples", "(1,", ")"],
  ["fractions above", "\\frac{", "}{3}"],
  ["fractions below", "\\frac{2}{", "}"],
  ["a continued fraction", "1+\\frac{1}{", "}"],
  ["a continued fraction with a variable", "x+\\frac{1}{", "}"],
  ["divisions in brackets", "1/(1+", ")"],
  ["roots", "\\sqrt{", "}"],
  ["roots of sums", "\\sqrt{2+", "}"],
  ["cube roots", "\\sqrt[3]{1+", "}"],
  ["exponents", "2^{", "}"],
  ["exponents of a variable", "x^{", "}"],
  ["exponents by a half", "(1+", ")^{1/2}"],
  ["squares of squares", "(1+", ")^2"],
  ["squares of squares with a variable", "(x+", ")^2"],
  ["absolute values", "|1-", "|"],
  ["absolute values by command", "\\left|x-", "\\right|"],
  ["floors", "\\lfloor\\sqrt{2}", "\\rfloor"],
  ["sines", "\\sin(", ")"],
  ["exponentials", "\\exp(", ")"],
  ["logarithms", "\\ln(10+", ")"],
  ["powers of e", "e^{", "}"],
  ["factorials", "(", ")!"],
  ["texts", "\\text{", "}"],
  ["boxes", "\\boxed{", "}"],
  ["functions by name", "f(", ")"],
  ["sums over an index", "\\sum_{k=1}^{9}(k+", ")"],
  ["integrals", "\\int_0^1(x+", ")dx"],
  ["derivatives", "\\frac{d}{dx}(x^2", ")"],
  ["limits", "\\lim_{x\\to0}(x+", ")"],
  ["binomials", "\\binom{9}{", "}"],
  ["conjugates", "\\overline{", "}"],
  ["percentages", "(", "\\%)"],
  ["degrees", "\\sin(", "^\\circ)"],
  ["matrices in matrices", "\\begin{pmatrix}", "\\end{pmatrix}"],
  ["indices", "x_{", "}"],
  ["greatest divisors", "\\gcd(12,", ")"],
].map(([name = "", open = "", close = ""]) => ({ name, make: nested(open, close) }));

const CHAINS: readonly Construct[] = [
  ["a sum", "1+"],
  ["a sum of one variable", "x+"],
  ["a difference", "1-"],
  ["signs", "-"],
  ["a product", "2\\cdot "],
  ["a product of one variable", "x"],
  ["a quotient", "2/"],
  ["a product of sums", "(1+x)"],
  ["a product of sums of roots", "(1+\\sqrt{2})"],
  ["a product of sums of two variables", "(x+y)"],
  ["a product of sums of four variables", "(x+y+z+w)"],
  ["a product of differences of roots", "(\\sqrt{3}-\\sqrt{2})"],
  ["a tower in braces", "2^"],
  ["plus or minus", "1\\pm"],
  ["plus or minus in a list", "\\pm1,"],
  ["a chain of equations", "x="],
  ["a chain of inequalities", "x<"],
  ["a ratio", "1:"],
  ["one word", "a"],
  ["words", "word "],
  ["known words", "and or "],
  ["texts side by side", "\\text{a}"],
  ["texts between numbers", "1\\text{ and }"],
  ["boxes side by side", "\\boxed{1},"],
  ["commas", ","],
  ["spaces", "\\, "],
  ["backslashes", "\\\\"],
  ["dollars", "$"],
  ["unknown command without an end", "\\q"],
  ["bars", "|"],
  ["open brackets", "("],
  ["open braces", "{"],
  ["open environments", "\\begin{pmatrix}"],
  ["open cases", "\\begin{cases}"],
  ["open fractions", "\\frac"],
  ["open roots", "\\sqrt"],
  ["open texts", "\\text{"],
  ["factorials without end", "3!"],
  ["primes", "f'"],
  ["sines side by side", "\\sin "],
  ["a sum of sines", "\\sin 1+"],
  ["a sum of roots", "\\sqrt{2}+"],
  ["a product of sines", "\\sin x\\cos x"],
  ["a sum of decimals", "0.1+"],
  ["percent signs", "1\\%"],
  ["dots", "1,\\ldots,"],
  ["sums over an index side by side", "\\sum_{k=1}^{9}k+"],
  ["nested sums", "\\sum_{k=1}^{9}"],
  ["nested integrals", "\\int_0^1 x"],
  ["units", "1 cm "],
  ["functions by name side by side", "f(x)"],
  ["definitions", "f(x)="],
  ["unions of one", "[0,1]\\cup"],
  ["differences of sets", "\\mathbb{R}\\setminus"],
  ["mixed numbers", "1\\frac12+"],
  ["bases", "11_2+"],
  ["derivatives side by side", "\\frac{d}{dx}"],
].map(([name = "", part = ""]) => ({ name, make: repeated(part) }));

const LISTS: readonly Construct[] = [
  { name: "a list", make: listed(6, ", ", String) },
  { name: "a list with ands", make: listed(8, " and ", String) },
  { name: "a tuple", make: listed(5, ",", String, "(", ")") },
  {
    name: "a set in two orders",
    make: listed(5, ",", String, "\\{", "\\}"),
    other: backwards(5, ",", String, "\\{", "\\}"),
  },
  {
    name: "a set of fractions in two orders",
    make: listed(11, ",", (i) => `\\frac{1}{${i}}`, "\\{", "\\}"),
    other: backwards(11, ",", (i) => `\\frac{1}{${i}}`, "\\{", "\\}"),
  },
  {
    name: "a set of roots in two orders",
    make: listed(11, ",", (i) => `\\sqrt{${i}}`, "\\{", "\\}"),
    other: backwards(11, ",", (i) => `\\sqrt{${i}}`, "\\{", "\\}"),
  },
  {
    name: "a set of sines in two orders",
    make: listed(10, ",", (i) => `\\sin ${i}`, "\\{", "\\}"),
    other: backwards(10, ",", (i) => `\\sin ${i}`, "\\{", "\\}"),
  },
  {
    name: "a set of polynomials in two orders",
    make: listed(9, ",", (i) => `x^2+${i}x`, "\\{", "\\}"),
    other: backwards(9, ",", (i) => `${i}x+x^2`, "\\{", "\\}"),
  },
  {
    name: "a set of pairs in two orders",
    make: listed(8, ",", (i) => `(${i},1)`, "\\{", "\\}"),
    other: backwards(8, ",", (i) => `(${i},1)`, "\\{", "\\}"),
  },
  {
    name: "a set of names in two orders",
    make: listed(8, ",", nameOf, "\\{", "\\}"),
    other: backwards(8, ",", nameOf, "\\{", "\\}"),
  },
  {
    name: "values for names in two orders",
    make: listed(10, ",", (i) => `x_{${i}}=${i}`),
    other: backwards(10, ",", (i) => `x_{${i}}=${i}`),
  },
  {
    name: "a sum of names in two orders",
    make: listed(8, "+", nameOf),
    other: backwards(8, "+", nameOf),
  },
  {
    name: "a product of names in two orders",
    make: listed(8, "", nameOf),
    other: backwards(8, "\\cdot ", nameOf),
  },
  {
    name: "a sum of products of names",
    make: listed(16, "+", (i) => nameOf(i) + nameOf(i + 1)),
    other: backwards(16, "+", (i) => nameOf(i + 1) + nameOf(i)),
  },
  {
    name: "a polynomial in two orders",
    make: listed(9, "+", (i) => `${i}x^{${i}}`),
    other: backwards(9, "+", (i) => `x^{${i}}\\cdot${i}`),
  },
  {
    name: "a sum of roots in two orders",
    make: listed(11, "+", (i) => `\\sqrt{${i}}`),
    other: backwards(11, "+", (i) => `\\sqrt{${i}}`),
  },
  {
    name: "a sum of fractions in two orders",
    make: listed(13, "+", (i) => `\\frac{1}{${i}}`),
    other: backwards(13, "+", (i) => `\\frac{1}{${i}}`),
  },
  {
    name: "a sum of fractions of functions in two orders",
    make: listed(16, "+", (i) => `\\frac{1}{x+${i}}`),
    other: backwards(16, "+", (i) => `\\frac{1}{x+${i}}`),
  },
  {
    name: "a sum of sines in two orders",
    make: listed(10, "+", (i) => `\\sin ${i}`),
    other: backwards(10, "+", (i) => `\\sin ${i}`),
  },
  {
    name: "a sum of sines of functions",
    make: listed(11, "+", (i) => `\\sin(${i}x)`),
    other: backwards(11, "+", (i) => `\\sin(${i}x)`),
  },
  {
    name: "a sum of logarithms",
    make: listed(10, "+", (i) => `\\ln ${i}`),
    other: backwards(10, "+", (i) => `\\ln ${i}`),
  },
  {
    name: "a product of different sums",
    make: listed(6, "", (i) => `(x+${i})`),
    other: backwards(6, "", (i) => `(${i}+x)`),
  },
  {
    name: "a product of different sums of two variables",
    make: listed(8, "", (i) => `(x+${i}y)`),
    other: backwards(8, "", (i) => `(${i}y+x)`),
  },
  {
    name: "a product of sums of names",
    make: listed(18, "", (i) => `(${nameOf(i)}+${nameOf(i + 1)})`),
  },
  {
    name: "a product of sums of roots of primes",
    make: listed(14, "", (i) => `(1+\\sqrt{${6 * i + 1}})`),
  },
  { name: "a sum in every power", make: listed(12, "+", (i) => `(x+1)^{${i}}`) },
  { name: "a sum of factorials", make: listed(5, "+", (i) => `${i}!`) },
  { name: "a sum of powers", make: listed(8, "+", (i) => `2^{${i}}`) },
  { name: "a sum of powers of three", make: listed(9, "+", (i) => `${i}^{${i}}`) },
  {
    name: "inequalities by number",
    make: listed(5, "<", String),
  },
  {
    name: "inequalities of names",
    make: listed(6, "<", nameOf),
  },
  {
    name: "conditions",
    make: listed(7, ",", (i) => `x>${i}`),
    other: backwards(7, ",", (i) => `x>${i}`),
  },
  {
    name: "equations of two names",
    make: listed(8, ",", (i) => `${i}x+y=${i}`),
    other: backwards(8, ",", (i) => `y+${i}x=${i}`),
  },
  {
    name: "a union of intervals",
    make: (size, last) =>
      `${series(Math.floor(size / 14), "\\cup", (i) => `(${2 * i},${2 * i + 1})`, `(0,${last})`)}`,
    other: (size, last) =>
      `${backwards(14, "\\cup", (i) => `(${2 * i},${2 * i + 1})`)(size, `(0,${last})`)}`,
  },
  {
    name: "a union of intervals between roots",
    make: (size, last) =>
      series(
        Math.floor(size / 30),
        "\\cup",
        (i) => `(\\sqrt{${2 * i + 7}},\\sqrt{${2 * i + 8}})`,
        `(0,${last})`,
      ),
  },
  {
    name: "a union of intervals between names",
    make: (size, last) =>
      series(
        Math.floor(size / 20),
        "\\cup",
        (i) => `(${nameOf(i)},${nameOf(i + 1)})`,
        `(0,${last})`,
      ),
  },
  {
    name: "an intersection of intervals",
    make: (size, last) =>
      series(Math.floor(size / 12), "\\cap", (i) => `(-${i},${i})`, `(0,${last})`),
  },
  { name: "different words", make: listed(9, " ", (i) => `word${"abcdefghij"[i % 10]}${i}`) },
  { name: "different texts", make: listed(13, "+", (i) => `\\text{ab${i}}`) },
  { name: "cases", make: listed(10, "\\\\", (i) => `x=${i}`, "\\begin{cases}", "\\end{cases}") },
  { name: "a ratio of many", make: listed(5, ":", String) },
  { name: "a greatest divisor of many", make: listed(5, ",", (i) => `${6 * i}`, "\\gcd(", ")") },
  { name: "a least multiple of many", make: listed(5, ",", String, "\\operatorname{lcm}(", ")") },
  { name: "a largest of many", make: listed(10, ",", (i) => `\\sqrt{${i}}`, "\\max(", ")") },
];

const MATRICES: readonly Construct[] = [
  {
    name: "a matrix",
    make: (size, last) =>
      inMatrix(
        "pmatrix",
        matrix(size, last, (i, j) => `${i + j}`),
      ),
  },
  {
    name: "a matrix of fractions",
    make: (size, last) =>
      inMatrix(
        "bmatrix",
        matrix(size / 2, last, (i, j) => `\\frac{${i + 1}}{${j + 1}}`),
      ),
  },
  {
    name: "a matrix of functions",
    make: (size, last) =>
      inMatrix(
        "pmatrix",
        matrix(size, last, (i, j) => `x+${i + j}`),
      ),
    other: (size, last) =>
      inMatrix(
        "pmatrix",
        matrix(size, last, (i, j) => `${i + j}+x`),
      ),
  },
  {
    name: "a determinant",
    make: (size, last) =>
      inMatrix(
        "vmatrix",
        matrix(size, last, (i, j) => `${i * j + 1}`),
      ),
  },
  {
    name: "a determinant of functions",
    make: (size, last) =>
      inMatrix(
        "vmatrix",
        matrix(size, last, (i, j) => `x+${i * j}`),
      ),
  },
  {
    name: "a product of matrices",
    make: (size, last) =>
      inMatrix("pmatrix", "1&2\\\\3&4").repeat(Math.max(1, Math.floor(size / 36))) +
      inMatrix("pmatrix", `1&2\\\\3&${last}`),
  },
  {
    name: "a product of matrices of functions",
    make: (size, last) =>
      inMatrix("pmatrix", "x&y\\\\z&1").repeat(Math.max(1, Math.floor(size / 36))) +
      inMatrix("pmatrix", `1&x\\\\3&${last}`),
  },
  {
    name: "a product of large matrices",
    make: (size, last) =>
      inMatrix(
        "pmatrix",
        matrix(288, "x", (i, j) => `x+${i + j}`),
      ).repeat(Math.max(1, Math.floor(size / 180))) +
      inMatrix(
        "pmatrix",
        matrix(288, last, (i, j) => `${i + j}`),
      ),
  },
  {
    name: "a sum of matrices",
    make: (size, last) =>
      `${inMatrix("pmatrix", "1&2\\\\3&4")}+`.repeat(Math.max(1, Math.floor(size / 37))) +
      inMatrix("pmatrix", `1&2\\\\3&${last}`),
  },
  {
    name: "a power of powers of a matrix",
    make: (size, last) => {
      const count = Math.max(1, Math.floor(size / 4));
      return `${"(".repeat(count)}${inMatrix("pmatrix", `1&x\\\\3&${last}`)}${")^6".repeat(count)}`;
    },
  },
  {
    name: "a determinant in a determinant",
    make: nested("\\begin{vmatrix}1&2\\\\3&", "\\end{vmatrix}"),
  },
];

const VALUES: readonly Construct[] = [
  { name: "digits", make: (size, last) => digits(size) + last },
  { name: "digits of a decimal", make: (size, last) => `0.${digits(size)}${last}` },
  { name: "digits of a repeated decimal", make: (size, last) => `0.(${digits(size)}${last})` },
  {
    name: "digits of a repeated decimal under a line",
    make: (size, last) => `0.\\overline{${digits(size)}${last}}`,
  },
  {
    name: "grouped digits",
    make: (size, last) => `${"1,".concat("234,".repeat(size / 4))}00${last}`,
  },
  {
    name: "digits over digits",
    make: (size, last) => `\\frac{${digits(size)}}{${digits(size)}${last}}`,
  },
  { name: "a root of digits", make: (size, last) => `\\sqrt{${digits(size)}${last}}` },
  { name: "a cube root of digits", make: (size, last) => `\\sqrt[3]{${digits(size)}${last}}` },
  {
    name: "a root of prime-like digits",
    make: (size, last) => `\\sqrt{${"9".repeat(size)}${last}}`,
  },
  { name: "a product of roots of digits", make: repeated("\\sqrt{982451653}") },
  { name: "a sine of digits", make: (size, last) => `\\sin(${digits(size)}${last})` },
  { name: "a sine of a decimal", make: (size, last) => `\\sin(0.${digits(size)}${last})` },
  { name: "a logarithm of digits", make: (size, last) => `\\ln(${digits(size)}${last})` },
  { name: "a power of e of digits", make: (size, last) => `e^{${digits(size)}${last}}` },
  { name: "a factorial of digits", make: (size, last) => `${digits(size)}${last}!` },
  { name: "a product of digits", make: repeated(`${digits(900)}\\cdot `) },
  { name: "a sum of digits", make: repeated(`${digits(900)}+`) },
  { name: "a sum of fractions of digits", make: repeated(`\\frac{1}{${digits(900)}}+`) },
  {
    name: "a greatest divisor of digits",
    make: (size, last) => `\\gcd(${digits(size)},${digits(size)}${last})`,
  },
  {
    name: "a remainder of digits",
    make: (size, last) => `${digits(size)}\\bmod ${digits(size / 2)}${last}`,
  },
  valued("a factorial", (size, last) => `${size}!+${last}`),
  valued("a double factorial", (size, last) => `${size}!!+${last}`),
  valued("a quotient of factorials", (size, last) => `\\frac{${size}!}{${size - 1}!}+${last}`),
  valued("a power", (size, last) => `2^{${size}}+${last}`),
  valued("a power of a fraction", (size, last) => `(\\frac{3}{7})^{${size}}+${last}`),
  valued("a power of a variable", (size, last) => `x^{${size}}+${last}`),
  valued("a power of a root", (size, last) => `(1+\\sqrt{2})^{${size}}+${last}`),
  valued("a power of two roots", (size, last) => `(\\sqrt{2}+\\sqrt{3})^{${size}}+${last}`),
  valued("a power of a sum of variables", (size, last) => `(x+y+z)^{${size}}+${last}`),
  valued("a power of many variables", (size, last) => `(a+b+c+x+y+z)^{${size}}+${last}`),
  valued("a power of a sum", (size, last) => `(x+1)^{${size}}+${last}`),
  valued("a quotient of powers of a sum", (size, last) => `\\frac{x^{${size}}-1}{x-1}+${last}`),
  valued("a power of an imaginary number", (size, last) => `(1+i)^{${size}}+${last}`),
  valued("a power of a sine", (size, last) => `\\sin^{${size}}(x)+${last}`),
  valued("a root of a large degree", (size, last) => `\\sqrt[${size}]{2}+${last}`),
  valued("a power by a fraction", (size, last) => `2^{1/${size}}+${last}`),
  valued("a tower of three", (size, last) => `2^{2^{${size}}}+${last}`),
  valued("a tower of e", (size, last) => `e^{e^{${size}}}+${last}`),
  valued("a sine of a multiple", (size, last) => `\\sin(${size}x)+${last}`),
  valued("a cosine of a fraction of pi", (size, last) => `\\cos(\\frac{\\pi}{${size}})+${last}`),
  valued("a sine of a large power", (size, last) => `\\sin(10^{${size}})+${last}`),
  valued("an arc tangent", (size, last) => `\\arctan(${size})+${last}`),
  valued("a logarithm of a power", (size, last) => `\\ln(2^{${size}})+${last}`),
  valued("a logarithm in a base", (size, last) => `\\log_{${size}}(3)+${last}`),
  valued("a floor of a product", (size, last) => `\\lfloor${size}\\sqrt{2}\\rfloor+${last}`),
  valued("a binomial", (size, last) => `\\binom{${2 * size}}{${size}}+${last}`),
  valued("a binomial of few", (size, last) => `\\binom{${size}}{5}+${last}`),
  valued("a binomial of a variable", (size, last) => `\\binom{n}{${size}}+${last}`),
  valued("a sum to n", (size, last) => `\\sum_{k=1}^{${size}}k+${last}`),
  valued("a sum of squares", (size, last) => `\\sum_{k=1}^{${size}}k^2+${last}`),
  valued("a harmonic sum", (size, last) => `\\sum_{k=1}^{${size}}\\frac{1}{k}+${last}`),
  valued("a sum of factorials to n", (size, last) => `\\sum_{k=1}^{${size}}k!+${last}`),
  valued("a sum of roots to n", (size, last) => `\\sum_{k=1}^{${size}}\\sqrt{k}+${last}`),
  valued("a sum of sines to n", (size, last) => `\\sum_{k=1}^{${size}}\\sin k+${last}`),
  valued("a sum of powers to n", (size, last) => `\\sum_{k=1}^{${size}}x^k+${last}`),
  valued("a sum of powers of k", (size, last) => `\\sum_{k=1}^{${size}}k^k+${last}`),
  valued("a sum of binomials", (size, last) => `\\sum_{k=0}^{${size}}\\binom{${size}}{k}+${last}`),
  valued(
    "a sum of sums",
    (size, last) => `\\sum_{k=1}^{${size}}\\sum_{j=1}^{${size}}(k+j)+${last}`,
  ),
  valued("a product to n", (size, last) => `\\prod_{k=1}^{${size}}k+${last}`),
  valued("a product of sums to n", (size, last) => `\\prod_{k=1}^{${size}}(x+k)+${last}`),
  valued("an integral to n", (size, last) => `\\int_0^{${size}}x^2dx+${last}`),
  valued("an integral of a power", (size, last) => `\\int_0^1x^{${size}}dx+${last}`),
  valued("an integral of a sine", (size, last) => `\\int_0^1\\sin(${size}x)dx+${last}`),
  valued("a derivative of order n", (size, last) => `\\frac{d^{${size}}}{dx^{${size}}}e^x+${last}`),
  valued("a derivative of a power", (size, last) => `\\frac{d}{dx}x^{${size}}+${last}`),
  valued("scientific notation", (size, last) => `${last}e${size}`),
  valued("a power of ten", (size, last) => `${last}\\times10^{${size}}`),
  valued("a remainder of a power", (size, last) => `7^{${size}}\\bmod 1${last}`),
  valued("a greatest divisor", (size, last) => `\\gcd(${size},${size - 1})+${last}`),
  valued("permutations", (size, last) => `\\frac{${size}!}{2!(${size}-2)!}+${last}`),
  valued(
    "a power of a matrix",
    (size, last) => `${inMatrix("pmatrix", `1&1\\\\1&${last}`)}^{${size}}`,
  ),
];

/** What makes an answer larger. */
export const CONSTRUCTS: readonly Construct[] = [
  ...NESTED,
  ...CHAINS,
  ...LISTS,
  ...MATRICES,
  ...VALUES,
];

const PROSE = "So we add the 12 apples to what there was and get some more. ";

/** Whole responses that grow where an answer is looked for. */
export const RESPONSES: readonly Construct[] = [
  ["prose", PROSE],
  ["prose without an end", "word "],
  ["numbers", "12 + 7 = 19. "],
  ["boxes", "\\boxed{1} "],
  ["boxes in a list", "\\boxed{1}, "],
  ["boxes between words", "so x = \\boxed{1} and then "],
  ["boxes between lines", "\\boxed{1}\n\n"],
  ["boxes that never close", "\\boxed{1 "],
  ["boxes in boxes", "\\boxed{\\boxed{1} "],
  ["spans", "$x = 1$ "],
  ["spans in a list", "$1$, "],
  ["spans joined by words", "$1$ and "],
  ["spans on lines", "$x=1$\n"],
  ["wide spans", "$$x = 1$$ "],
  ["bracket spans", "\\(x = 1\\), "],
  ["square spans", "\\[x = 1\\]\n"],
  ["spans that never close", "\\(x "],
  ["dollars", "$ "],
  ["amounts", "$5 and "],
  ["marks", "Answer: "],
  ["marks with values", "The answer is $1$. "],
  ["final marks", "Final answer: 1\n"],
  ["final marks in prose", "the final answer is "],
  ["foreign marks", "答案：1 "],
  ["hashes", "#### 1\n"],
  ["lines", "1\n"],
  ["thoughts", "<think>1</think>"],
  ["list items", "- 1\n"],
  ["equations", "x = 1 + "],
  ["braces", "{"],
  ["closing braces", "}"],
  ["fractions", "\\frac{1}{2} "],
  ["texts", "\\text{a} "],
  ["environments", "\\begin{pmatrix}1\\end{pmatrix} "],
].map(([name = "", part = ""]) => ({ name, make: repeated(part) }));
