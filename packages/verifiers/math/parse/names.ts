// What the commands of LaTeX and the words of plain mathematics mean to the parser.
import type { Sign } from "../tree.ts";

/** Functions of one argument, by every spelling, and the operation each stands for. */
const FUNCTIONS = new Map<string, string>();
for (const base of ["sin", "cos", "tan", "cot", "sec", "csc"]) {
  for (const name of [base, `${base}h`]) {
    FUNCTIONS.set(name, name);
    FUNCTIONS.set(`arc${name}`, `a${name}`);
    FUNCTIONS.set(`ar${name}`, `a${name}`);
    FUNCTIONS.set(`a${name}`, `a${name}`);
  }
}
for (const [spelling, name] of [
  ["tg", "tan"],
  ["ctg", "cot"],
  ["arctg", "atan"],
  ["cosec", "csc"],
  ["exp", "exp"],
  ["ln", "ln"],
  ["abs", "abs"],
  ["floor", "floor"],
  ["ceil", "ceil"],
  ["sgn", "sign"],
  ["sign", "sign"],
  ["Re", "re"],
  ["Im", "im"],
  ["arg", "arg"],
  ["det", "det"],
  ["cis", "cis"],
  ["cbrt", "cbrt"],
] as const)
  FUNCTIONS.set(spelling, name);

/** The operation that a function's name stands for; undefined where it is none. */
export const functionNamed = (name: string): string | undefined => FUNCTIONS.get(name);

/** Functions of several arguments in parentheses. */
export const LIST_FUNCTIONS: ReadonlySet<string> = new Set(["gcd", "lcm", "max", "min"]);

const FUNCTION_WORDS: ReadonlySet<string> = new Set([
  ...FUNCTIONS.keys(),
  ...LIST_FUNCTIONS,
  "sqrt",
  "log",
  "lg",
]);

/** Whether a word is a function where no command stands for it. */
export const isFunctionWord = (name: string): boolean => FUNCTION_WORDS.has(name);

/** Commands that are functions. */
export const FUNCTION_COMMANDS: ReadonlySet<string> = new Set([
  ...FUNCTION_WORDS,
  ...["sum", "prod", "int", "iint", "oint", "lim"],
]);

export const GREEK: ReadonlySet<string> = new Set(
  (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi " +
    "omicron rho varrho sigma varsigma tau upsilon phi varphi chi psi omega ell hbar nabla " +
    "aleph Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega angle triangle"
  ).split(" "),
);

/** Relations, by command and mark. */
export const SIGNS: ReadonlyMap<string, Sign> = new Map<string, Sign>([
  ["=", "="],
  ["==", "="],
  ["<", "<"],
  [">", ">"],
  ["<=", "<="],
  ["=<", "<="],
  [">=", ">="],
  ["!=", "!="],
  ["lt", "<"],
  ["gt", ">"],
  ["le", "<="],
  ["leq", "<="],
  ["leqslant", "<="],
  ["leqq", "<="],
  ["ge", ">="],
  ["geq", ">="],
  ["geqslant", ">="],
  ["geqq", ">="],
  ["ne", "!="],
  ["neq", "!="],
  ["approx", "~"],
  ["simeq", "~"],
  ["thickapprox", "~"],
  ["in", "in"],
  ["notin", "notin"],
  ["subset", "subset"],
  ["subseteq", "subset"],
  ["equiv", "equiv"],
]);

/** Set operations, by command. */
export const SET_OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["cup", "union"],
  ["bigcup", "union"],
  ["cap", "inter"],
  ["bigcap", "inter"],
  ["setminus", "diff"],
  ["backslash", "diff"],
  ["smallsetminus", "diff"],
]);

/** What opens a bracket, with the characters that may close it. */
export const OPENERS: ReadonlyMap<string, string> = new Map([
  ["(", "("],
  ["[", "["],
  ["lgroup", "("],
  ["lparen", "("],
  ["lbrack", "["],
  ["\\{", "{"],
  ["lbrace", "{"],
  ["langle", "("],
]);
export const CLOSERS: ReadonlyMap<string, string> = new Map([
  [")", ")"],
  ["]", "]"],
  ["rgroup", ")"],
  ["rparen", ")"],
  ["rbrack", "]"],
  ["\\}", "}"],
  ["rbrace", "}"],
  ["rangle", ")"],
]);

/** Brackets that are functions: how they open, how they close, and what they mean. */
export const FENCES: ReadonlyMap<string, readonly [close: string, name: string]> = new Map([
  ["lfloor", ["rfloor", "floor"]],
  ["llcorner", ["lrcorner", "floor"]],
  ["lceil", ["rceil", "ceil"]],
  ["ulcorner", ["urcorner", "ceil"]],
]);

/** Commands that only space or size what follows. */
export const INVISIBLE: ReadonlySet<string> = new Set(
  (
    "left right mleft mright middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr " +
    "bigm Bigm displaystyle textstyle scriptstyle limits nolimits quad qquad thinspace enspace " +
    "medspace thickspace negthinspace large Large LARGE huge Huge small tiny normalsize footnotesize nonumber notag displaylimits hfill hline allowbreak rm bf it"
  ).split(" "),
);

/** Commands whose argument is the same thing in other type. */
export const DECORATIONS: ReadonlySet<string> = new Set(
  (
    "mathbf boldsymbol bm mathit mathsf mathtt mathcal mathfrak mathscr mathnormal pmb vec hat " +
    "widehat tilde boxed fbox underline variable displaymath ensuremath"
  ).split(" "),
);

/** Commands whose argument is text. */
export const TEXTS: ReadonlySet<string> = new Set(
  (
    "text textbf textit textrm textsf texttt textnormal textup textmd textsc mbox hbox mathrm " +
    "operatorname"
  ).split(" "),
);

/** Commands whose first argument is a colour or a length. */
export const ARGUMENT_SKIPPED: ReadonlySet<string> = new Set([
  "color",
  "textcolor",
  "hspace",
  "vspace",
]);

/** What is written and not seen: whoever writes it hides something. */
export const HIDDEN: ReadonlySet<string> = new Set(
  "phantom hphantom vphantom colorbox smash llap rlap href url def newcommand".split(" "),
);

/** Bars that open and close alike. */
export const BARS: ReadonlySet<string> = new Set(["vert", "Vert"]);

/** Commands that begin a value. */
export const BEGINNERS: ReadonlySet<string> = new Set([
  ...GREEK,
  ...FUNCTION_COMMANDS,
  ...DECORATIONS,
  ...OPENERS.keys(),
  ...FENCES.keys(),
  ...(
    "frac dfrac tfrac cfrac binom dbinom tbinom infty pi overline overrightarrow bar dot mathbb emptyset " +
    "varnothing begin lvert lVert exponentialE imaginaryI partial N Z Q R C"
  ).split(" "),
]);

const KNOWN: ReadonlySet<string> = new Set([
  ...BEGINNERS,
  ...BARS,
  ...SIGNS.keys(),
  ...SET_OPERATIONS.keys(),
  ...CLOSERS.keys(),
  ...[...FENCES.values()].map(([close]) => close),
  ...INVISIBLE,
  ...TEXTS,
  ...HIDDEN,
  ...ARGUMENT_SKIPPED,
  ...(
    "root choose cdot times div ast star pm mp mod bmod pmod to rightarrow circ degree prime end " +
    "rvert rVert mid colon dots ldots cdots dotsc dotsb vdots percent pounds euro yen land lor " +
    "wedge vee sqcup implies Rightarrow Leftrightarrow iff cr newline over"
  ).split(" "),
]);

/** Whether a command has a name that is known here, though no rule may take it. */
export const isKnown = (name: string): boolean => KNOWN.has(name);
