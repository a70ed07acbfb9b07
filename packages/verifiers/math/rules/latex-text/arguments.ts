/**
 * Which arguments pylatexenc 2.10 (MIT, latexwalker/_defaultspecs.py) reads after a command or the
 * start of an environment: `*` for a star, `[` for an optional and `{` for an obligatory one.
 * A name that is not listed takes none. Left out are its commands of documents, which no answer
 * holds: citations and exercise sheets.
 */
const COMMANDS: Readonly<Record<string, string>> = {
  "{":
    "mbox title author date input include bibliography emph textrm textit textbf textmd textsc " +
    "textsf textsl texttt textup text mathrm mathbb mathbf mathit mathsf mathtt mathcal mathscr " +
    "mathfrak label ref autoref cref Cref eqref url hypersetup keywords ' ` \" c ^ ~ H k = b . d r " +
    "u v ensuremath not vec dot hat check breve acute grave tilde bar ddot overline underline " +
    "widehat widetilde wideparen overleftarrow overrightarrow overleftrightarrow underleftarrow " +
    "underrightarrow underleftrightarrow overbrace underbrace overgroup undergroup overbracket " +
    "underbracket overlinesegment underlinesegment overleftharpoon overrightharpoon ket bra",
  "{{": "frac nicefrac braket ketbra texorpdfstring",
  "{{{": "boxframe",
  "[": "item",
  "[{":
    "documentclass usepackage RequirePackage selectlanguage includegraphics footnote hphantom " +
    "vphantom sqrt xleftarrow xrightarrow color pagecolor",
  "[{{": "setlength addlength setcounter addcounter textcolor colorbox",
  "[{{{": "definecolor providecolor",
  "[{[{": "colorlet",
  "[{[{{": "fcolorbox",
  "*[": "\\",
  "*{": "hspace vspace",
  "*{{": "DeclareMathOperator",
  "*[{": "chapter section subsection subsubsection pagagraph subparagraph",
  "*[{{{": "rowcolors",
  "*{[[{": "newcommand renewcommand providecommand",
  "*{[[{{": "newenvironment renewenvironment provideenvironment",
};

const ENVIRONMENTS: Readonly<Record<string, string>> = {
  "{": "tabular alignat alignat*",
  "{{": "tabular*",
  "[":
    "figure figure* table table* theorem proposition lemma corollary definition conjecture remark " +
    "proof thm prop lem cor conj rem defn enumerate itemize description",
  "[{": "array",
  "{[{": "tabularx",
};

export const commandArguments = byName(COMMANDS);
export const environmentArguments = byName(ENVIRONMENTS);

function byName(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([kinds, names]) =>
      names.split(" ").map((name): [string, string] => [name, kinds]),
    ),
  );
}
