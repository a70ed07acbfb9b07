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
] as const)
  FUNCTIONS.set(spelling, name);

/** The operation that a function's name stands for; undefined where it is none. */
export const functionNamed = (name: string): string | undefined => FUNCTIONS.get(name);

/** Functions of several arguments in parentheses. */
export const LIST_FUNCTIONS: ReadonlySet<string> = new Set(["gcd", "lcm", "max", "min"]);

export const GREEK: ReadonlySet<string> = new Set(
  (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi " +
    "omicron rho varrho sigma varsigma tau upsilon phi varphi chi psi omega ell hbar nabla " +
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega angle triangle"
  ).split(" "),
);

/** Relations, by command, character and digraph. */
export const SIGNS: ReadonlyMap<string, Sign> = new Map<string, Sign>([
  ["=", "="],
  ["==", "="],
  ["<", "<"],
  [">", ">"],
  ["<=", "<="],
  ["=<", "<="],
  [">=", ">="],
  ["!=", "!="],
  ["≠", "!="],
  ["≤", "<="],
  ["≥", ">="],
  ["≈", "~"],
  ["∈", "in"],
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

/** Set operations, by command and character. */
export const SET_OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["cup", "union"],
  ["bigcup", "union"],
  ["∪", "union"],
  ["cap", "inter"],
  ["bigcap", "inter"],
  ["∩", "inter"],
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
    "medspace thickspace negthinspace nonumber notag displaylimits hfill hline allowbreak rm bf it"
  ).split(" "),
);

/** Commands whose argument is the same thing in other type. */
export const DECORATIONS: ReadonlySet<string> = new Set(
  (
    "mathbf boldsymbol bm mathit mathsf mathtt mathcal mathfrak mathscr mathnormal pmb vec hat " +
    "widehat tilde boxed fbox underline variable displaymath ensuremath overrightarrow"
  ).split(" "),
);

/** Commands whose argument is text. */
export const TEXTS: ReadonlySet<string> = new Set(
  (
    "text textbf textit textrm textsf texttt textnormal textup textmd textsc mbox hbox mathrm " +
    "operatorname"
  ).split(" "),
);

/** What is written and not seen: whoever writes it hides something. */
export const HIDDEN: ReadonlySet<string> = new Set(
  "phantom hphantom vphantom color textcolor colorbox smash llap rlap href url def newcommand".split(
    " ",
  ),
);

/** Other commands that the parser knows by name. */
const OTHERS: ReadonlySet<string> = new Set(
  (
    "frac dfrac tfrac cfrac sqrt root binom dbinom tbinom choose cdot times div ast star pm mp mod " +
    "bmod pmod log lg sum prod int iint oint lim to rightarrow infty pi circ degree prime overline " +
    "bar dot mathbb emptyset varnothing begin end vert lvert rvert Vert lVert rVert mid colon dots ldots " +
    "cdots dotsc dotsb vdots partial exponentialE imaginaryI percent pounds euro yen land lor wedge " +
    "vee sqcup implies Rightarrow Leftrightarrow iff cr newline over Re Im N Z Q R C"
  ).split(" "),
);

/** Whether the parser knows the command. */
export function isKnown(name: string): boolean {
  return (
    OTHERS.has(name) ||
    FUNCTIONS.has(name) ||
    LIST_FUNCTIONS.has(name) ||
    GREEK.has(name) ||
    SIGNS.has(name) ||
    SET_OPERATIONS.has(name) ||
    OPENERS.has(name) ||
    CLOSERS.has(name) ||
    INVISIBLE.has(name) ||
    DECORATIONS.has(name) ||
    TEXTS.has(name) ||
    HIDDEN.has(name) ||
    FENCES.has(name) ||
    [...FENCES.values()].some(([close]) => close === name)
  );
}

/** Characters of Unicode that stand for a command. */
export const CHARACTERS: Readonly<Record<string, string>> = {
  "×": "times",
  "·": "cdot",
  "⋅": "cdot",
  "∙": "cdot",
  "•": "cdot",
  "÷": "div",
  "±": "pm",
  "∓": "mp",
  "√": "sqrt",
  "∞": "infty",
  π: "pi",
  "∪": "cup",
  "∩": "cap",
  "∖": "setminus",
  "∈": "in",
  "∉": "notin",
  "∅": "emptyset",
  "≤": "leq",
  "⩽": "leq",
  "≥": "geq",
  "⩾": "geq",
  "≠": "neq",
  "≈": "approx",
  "°": "degree",
  "′": "prime",
  "…": "ldots",
  "⌊": "lfloor",
  "⌋": "rfloor",
  "⌈": "lceil",
  "⌉": "rceil",
  "∣": "mid",
  "→": "to",
  "⟨": "langle",
  "⟩": "rangle",
  α: "alpha",
  β: "beta",
  γ: "gamma",
  δ: "delta",
  ε: "epsilon",
  θ: "theta",
  λ: "lambda",
  μ: "mu",
  ρ: "rho",
  σ: "sigma",
  τ: "tau",
  φ: "phi",
  ϕ: "phi",
  χ: "chi",
  ψ: "psi",
  ω: "omega",
  Δ: "Delta",
  Ω: "Omega",
};

/** The sets that have a letter of their own. */
export const NAMED_SETS: Readonly<Record<string, string>> = {
  ℝ: "R",
  ℤ: "Z",
  ℚ: "Q",
  ℕ: "N",
  ℂ: "C",
};
