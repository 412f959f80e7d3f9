//! The words by which papers say what they want: one table for each thing they ask, by language. A cue matches where a
//! word of the text starts with it, so `calcul` finds `calculez` and `calculate` finds `calculated`.

/// What says one thing, in each of the languages of the papers.
pub struct Cues {
    english: &'static [&'static str],
    french: &'static [&'static str],
    kinyarwanda: &'static [&'static str],
    kiswahili: &'static [&'static str],
    portuguese: &'static [&'static str],
    /// German, Italian, Spanish, Dutch, Turkish, Malay and Indonesian …
    others: &'static [&'static str],
}

impl Cues {
    const NONE: Self =
        Self { english: &[], french: &[], kinyarwanda: &[], kiswahili: &[], portuguese: &[], others: &[] };

    /// Those of all languages.
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        [self.english, self.french, self.kinyarwanda, self.kiswahili, self.portuguese, self.others]
            .into_iter()
            .flatten()
            .copied()
    }

    /// A lower-case text begins with one of these.
    pub fn start(&self, lower: &str) -> bool {
        self.all().any(|cue| lower.starts_with(cue))
    }

    /// A lower-case word is one of these.
    pub fn has(&self, word: &str) -> bool {
        self.all().any(|cue| cue == word)
    }
}

/// First words of what is answered itself: a part, not an option.
pub const ASKING: Cues = Cues {
    english: &[
        "calculate ",
        "find ",
        "explain ",
        "name ",
        "state ",
        "give ",
        "write ",
        "describe ",
        "what ",
        "how ",
        "why ",
        "draw ",
        "determine ",
        "solve ",
        "show ",
        "define ",
        "list ",
        "complete ",
        "identify ",
        "suggest ",
        "convert ",
        "express ",
        "work out ",
        "evaluate ",
        "simplify ",
        "compare ",
        "discuss ",
        "prove ",
        "construct ",
        "sketch ",
        "mention ",
        "differentiate ",
        "factorise ",
        "use ",
    ],
    french: &[
        "donnez ",
        "citez ",
        "nommez ",
        "expliquez ",
        "décrivez ",
        "calculez ",
        "trouvez ",
        "définissez ",
        "complétez ",
        "dessinez ",
        "pourquoi ",
        "quel ",
        "quelle ",
        "combien ",
        "comment ",
        "donner ",
        "écrire ",
        "ecrire ",
        "expliquer ",
        "calculer ",
        "déterminer ",
        "determiner ",
        "justifier ",
        "montrer ",
        "compléter ",
        "completer ",
        "citer ",
        "nommer ",
        "définir ",
        "décrire ",
        "tracer ",
        "résoudre ",
        "vérifier ",
        "préciser ",
        "indiquer ",
    ],
    kinyarwanda: &["tanga ", "vuga ", "andika ", "sobanura ", "bara ", "shaka ", "kuki "],
    kiswahili: &[
        "eleza ",
        "taja ",
        "andika ",
        "toa ",
        "tumia ",
        "bainisha ",
        "fafanua ",
        "kwa nini ",
        "orodhesha ",
        "tofautisha ",
        "kokotoa ",
        "tafuta ",
    ],
    ..Cues::NONE
};

/// How questions start that cannot be answered by a choice.
pub const OPENING: Cues = Cues {
    english: &[
        "explain",
        "define",
        "describe",
        "name",
        "state ",
        "give",
        "list",
        "mention",
        "differentiate",
        "simplify",
        "evaluate",
        "convert",
        "write",
        "solve",
        "factorise",
        "balance",
        "rewrite",
        "translate",
        "expand",
        "punctuate",
    ],
    french: &[
        "défin",
        "expliqu",
        "calcul",
        "donne",
        "cite",
        "nomme",
        "énum",
        "décri",
        "résou",
        "équilibr",
        "conjugu",
        "traduis",
        "transform",
        "développ",
    ],
    kinyarwanda: &["sobanura", "vuga", "andika", "tanga", "bara", "shaka"],
    kiswahili: &["eleza", "taja", "andika", "toa", "fafanua", "orodhesha", "bainisha", "kokotoa"],
    others: &[
        "definier",
        "gib ",
        "geben sie",
        "löse",
        "zeichne",
        "vereinfache",
        "erstelle",
        "zeige",
        "factoriz",
        "simplific",
        "elimin",
        "desarroll",
        "escrib",
        "demuestr",
        "completa ",
        "completar ",
        "efectúa",
        "realiz",
        "halla",
        "deriv",
        "fattorizza",
        "scomponi",
        "dimostra",
        "scrivi",
        "definisci",
        "fatore",
        "escrev",
        "demonstr",
        "mostre",
        "bewijs",
        "los op",
        "vereenvoudig",
        "ontbind",
        "oblicz",
        "rozwiąż",
        "wyjaśnij",
        "vypočít",
        "найдите",
        "вычислите",
        "решите",
        "докажите",
        "доказать",
        "намерете",
        "докажете",
        "пресметнете",
        "erkläre",
        "nenne",
        "beschreibe",
        "begründe",
        "spiega",
        "elenca",
        "descrivi",
        "calcola",
        "risolvi",
        "semplifica",
        "berechne",
        "bestimme",
        "resuelve",
        "resolva",
        "bereken",
        "explica",
        "describe",
        "define",
        "calcule",
        "açıkla",
        "yazınız",
        "tanımla",
        "huraikan",
        "nyatakan",
        "terangkan",
        "jelaskan",
        "sebutkan",
        "noem",
        "leg uit",
    ],
    ..Cues::NONE
};

/// How a question starts that says what is given before it asks; `given` opens one as it is.
pub const GIVING: Cues = Cues {
    french: &["étant donné", "soit ", "soient "],
    portuguese: &["dada ", "dado ", "dadas ", "dados ", "seja "],
    others: &["data ", "dato ", "dati ", "date ", "sia ", "sea ", "sean ", "gegeben "],
    ..Cues::NONE
};

/// … and then asks for a value.
pub const DETERMINING: Cues = Cues {
    french: &["détermine", "calcule", "trouve"],
    portuguese: &["determine ", "calcule ", "encontre "],
    others: &[
        "determina ",
        "determinare ",
        "calcola",
        "trova ",
        "calcula ",
        "halla ",
        "bestimme",
        "berechne",
        "ermittle",
    ],
    ..Cues::NONE
};

/// "Give three …": several things.
pub const LISTING: Cues = Cues {
    english: &[
        "give ",
        "name ",
        "state ",
        "list ",
        "mention ",
        "write ",
        "identify ",
        "suggest ",
        "outline ",
        "what are the",
    ],
    french: &[
        "donne",
        "cite",
        "nomme",
        "énum",
        "énonce",
        "indique",
        "relève",
        "relevez",
        "mentionne",
        "quels sont",
        "quelles sont",
    ],
    kinyarwanda: &["tanga", "vuga", "andika", "garagaza", "rondora"],
    kiswahili: &["taja", "toa", "orodhesha", "andika"],
    ..Cues::NONE
};

/// Numbers to write are no number of things.
pub const OF_NUMBERS: Cues = Cues { english: &["number", "digit", "decimal"], ..Cues::NONE };

/// A question before options that lie below it.
pub const CHOICE: Cues = Cues {
    english: &[
        "circle",
        "choose",
        "which",
        "tick",
        "select",
        "correct answer",
        "right answer",
        "best answer",
        "is called",
        "is:",
        "are:",
        "underline",
        "arrange",
        "correct order",
        "order",
        "from the following",
        "of the following",
    ],
    french: &["choisi", "coche", "entoure", "laquelle", "lequel", "lesquel", "parmi"],
    kinyarwanda: &["hitamo"],
    kiswahili: &["chagua"],
    others: &[
        "kreuze",
        "wähle",
        "welche",
        "welcher",
        "welches",
        "segna",
        "scegli",
        "quale fra",
        "quale tra",
        "quale del",
        "quale dei",
        "quale delle",
        "quali fra",
        "quali del",
        "quali dei",
        "quali delle",
        "barra ",
        "marca ",
        "elige",
        "cuál",
        "assinal",
        "escolh",
        "selecion",
        "qual ",
        "quais ",
        "hangisi",
        "işaretle",
        "pilih",
        "manakah",
        "antara berikut",
        "omcirkel",
        "kies ",
        "señal",
        "seleccion",
        "el siguiente es",
        "vyber",
        "zaškrtni",
        "zaznacz",
        "wybierz",
        "który z",
        "která z",
        "выберите",
        "какой из",
        "какое из",
        "какая из",
        "какие из",
        "укажите",
        "изберете",
        "посочете",
        "кой ",
        "коя ",
        "кое ",
        "кои ",
        "επιλέξ",
        "ποιο από",
        "ποια από",
    ],
    ..Cues::NONE
};

/// A choice, whatever the verb: "Name one of the following that …".
pub const CHOOSING_AMONG: Cues = Cues {
    english: &[
        "which of the",
        "which of these",
        "one of the following",
        "from the following",
        "among the following",
        "out of the following",
    ],
    french: &["parmi les", "lequel des", "laquelle des"],
    ..Cues::NONE
};

/// What is said over a whole group of such questions.
pub const CHOICES: Cues = Cues {
    english: &[
        "multiple choice",
        "multiple-choice",
        "correct answer",
        "right answer",
        "best answer",
        "correct option",
        "correct alternative",
        "most appropriate",
        "mcq",
    ],
    french: &["choix multiple", "qcm", "bonne réponse", "réponse correcte", "une seule des", "une seule réponse"],
    kinyarwanda: &["igisubizo cy'ukuri", "igisubizo nyacyo"],
    kiswahili: &["jibu sahihi", "jibu lililo sahihi"],
    others: &[
        "multiple-choice",
        "ankreuz",
        "scelta multipla",
        "opción múltiple",
        "escolha múltipla",
        "múltipla escolha",
        "çoktan seçmeli",
        "aneka pilihan",
        "objektif",
        "pilihan ganda",
        "meerkeuze",
    ],
    ..Cues::NONE
};

/// "For each of these …": what lies below is no choice.
pub const EACH: Cues = Cues {
    english: &["for each", "each of the following", "in each case", "for each case"],
    french: &["pour chacun", "chacune des", "chacun des"],
    kinyarwanda: &["kuri buri"],
    ..Cues::NONE
};

/// "Circle two …": several of the options.
pub const CHOOSING: Cues = Cues {
    english: &["circle", "choose", "select", "tick", "underline", "which"],
    french: &["choisi", "coche", "entoure", "encercle", "souligne"],
    kinyarwanda: &["hitamo", "ca akaziga"],
    kiswahili: &["chagua"],
    others: &[
        "kreuze",
        "wähle",
        "segna",
        "scegli",
        "marca ",
        "elige",
        "assinale",
        "escolha",
        "selecione",
        "işaretle",
        "pilih",
        "tandakan",
        "omcirkel",
        "kies",
        "изберете",
        "выберите",
    ],
    ..Cues::NONE
};

/// First words of what is answered by a mark around words that stand below without letters.
pub const CIRCLING: Cues = Cues {
    english: &["circle ", "underline ", "ring ", "encircle "],
    french: &["entoure ", "entourez ", "encerclez ", "soulignez "],
    kinyarwanda: &["ca akaziga ", "ca umurongo "],
    ..Cues::NONE
};

/// "Tick one box": what may be chosen stands beside boxes.
pub const TICKING: Cues =
    Cues { english: &["tick"], french: &["coche"], kinyarwanda: &["shyira akamenyetso"], ..Cues::NONE };
pub const BOXES: Cues = Cues {
    english: &["one box", "a box", "two boxes", "three boxes", "the correct box", "the right box"],
    french: &["une case", "la case", "deux cases", "la bonne case"],
    kinyarwanda: &["mu gasanduku", "mu kazu"],
    ..Cues::NONE
};

/// "Circle one answer below": the words of the next row are options.
pub const CIRCLING_ONE: Cues = Cues {
    english: &[
        "circle one",
        "underline one",
        "ring one",
        "mark only one",
        "check all that apply",
        "tick all that apply",
    ],
    french: &["entoure une", "entourez une", "encercle une"],
    kinyarwanda: &["ca akaziga kuri kimwe"],
    ..Cues::NONE
};

/// What functions of a program do with their values.
pub const RETURNING: Cues = Cues {
    english: &["return"],
    french: &["renvoi", "renvoy", "retourn"],
    portuguese: &["retorn", "devolv"],
    others: &["devuelv", "restituis", "zurück"],
    ..Cues::NONE
};

/// Several of the options without a number.
pub const ALL_THAT_APPLY: Cues = Cues {
    english: &[
        "all that apply",
        "all the correct",
        "more than one",
        "circle each",
        "tick each",
        "mark each",
        "one or more",
        "circle all",
        "select all",
        "choose all",
        "tick all",
        "mark all",
        "check all",
    ],
    french: &["toutes les bonnes réponses", "plusieurs réponses", "au moins une réponse"],
    kinyarwanda: &["ibisubizo byose", "hitamo ibyo"],
    // The sign is how the class automultiplechoice says so.
    others: &[
        "♣",
        "tutte le risposte",
        "alle richtigen",
        "todas las respuestas",
        "todas as respostas",
        "mehrere antworten",
    ],
    ..Cues::NONE
};

pub const ORDERING: Cues = Cues {
    english: &["arrange", "correct order", "in order of", "right order", "put the", "in the order"],
    french: &["dans l'ordre", "dans l’ordre", "par ordre", "ordre croissant", "ordre décroissant", "bon ordre"],
    kinyarwanda: &["ku murongo ukwiye", "uhereye ku", "mu buryo bukurikirana", "ukurikije uko"],
    ..Cues::NONE
};

pub const MATCHING: Cues = Cues {
    english: &["match ", "associate each"],
    french: &["associe", "relie", "faites correspondre"],
    kinyarwanda: &["huza"],
    kiswahili: &["oanisha"],
    ..Cues::NONE
};

pub const COLUMN_A: Cues = Cues {
    english: &["column a"],
    french: &["colonne a"],
    kinyarwanda: &["inkingi ya a"],
    kiswahili: &["orodha a", "safu a"],
    ..Cues::NONE
};
pub const COLUMN_B: Cues = Cues {
    english: &["column b"],
    french: &["colonne b"],
    kinyarwanda: &["inkingi ya b"],
    kiswahili: &["orodha b", "safu b"],
    ..Cues::NONE
};

/// Beside one of those: the labels below are those of two columns.
pub const COLUMNS: Cues = Cues {
    english: &["column", "with ", "to "],
    french: &["colonne", "avec ", "à "],
    kinyarwanda: &["inkingi", "na ", "n'"],
    kiswahili: &["orodha", "safu"],
    ..Cues::NONE
};

/// Things to be put under headings.
pub const CLASSIFYING: Cues = Cues {
    english: &["classify", "group the following", "sort the following", "sort these", "put the following under"],
    french: &["classe", "classifie", "regroupe", "range dans le tableau", "rangez dans le tableau"],
    kinyarwanda: &["shyira mu matsinda", "shyira mu byiciro", "gabanya mu byiciro", "tandukanya mu matsinda"],
    ..Cues::NONE
};

/// Before the headings of such a question: "classify … as … or …".
pub const UNDER: Cues = Cues {
    english: &["under the headings", "according to whether they are", "into", "as", "under"],
    french: &["selon qu'ils sont", "selon qu’ils sont", "en", "comme", "sous"],
    kinyarwanda: &["mu", "nka"],
    ..Cues::NONE
};

/// What such headings are called, when they are not named.
pub const HEADINGS: Cues = Cues {
    english: &["group", "table", "column", "categor", "class", "heading", "kind", "type", "either", "their"],
    french: &["groupe", "tableau", "colonne", "catégorie", "classe", "rubrique"],
    kinyarwanda: &["matsinda", "amatsinda", "imbonerahamwe", "mbonerahamwe", "inkingi", "byiciro"],
    ..Cues::NONE
};

/// … and their names come next.
pub const FOLLOWING: Cues =
    Cues { english: &["follow"], french: &["suivant"], kinyarwanda: &["bikurikira", "akurikira"], ..Cues::NONE };

/// Parts of a picture to be named.
pub const LABELLING: Cues = Cues {
    english: &[
        "label the",
        "label this",
        "labelled",
        "labeled",
        "name the parts",
        "name the part",
        "parts marked",
        "the parts shown by",
        "the letters on the",
    ],
    french: &["légende", "annote", "nommez les parties", "nomme les parties", "indiquez les parties"],
    kinyarwanda: &["ibice byerekanywe", "ibice byagaragajwe", "amazina y'ibice", "amazina y’ibice"],
    ..Cues::NONE
};

/// Beside one of those: their names are wanted.
pub const NAMING: Cues = Cues {
    english: &["label the", "label this", "name", "identify", "write down the name", "what are the", "state what"],
    french: &["légende", "annote", "nomme", "indique", "identifie"],
    kinyarwanda: &["vuga amazina", "andika amazina", "tanga amazina", "amazina y"],
    ..Cues::NONE
};

/// … rather: the whole picture.
pub const LABEL_IT: Cues = Cues {
    english: &["label the", "label this"],
    french: &["légende", "annote"],
    kinyarwanda: &["andika amazina y"],
    ..Cues::NONE
};

/// More than names is wanted.
pub const BEYOND_NAMES: Cues = Cues {
    english: &["function", "role ", "use of"],
    french: &["fonction", "rôle"],
    kinyarwanda: &["akamaro"],
    ..Cues::NONE
};

/// Between the things of an enumeration.
pub const AND: Cues = Cues {
    english: &[" and ", " or "],
    french: &[" et ", " ou "],
    kinyarwanda: &[" na ", " cyangwa "],
    kiswahili: &[" na ", " au "],
    portuguese: &[" e "],
    ..Cues::NONE
};

/// Between the first and the last of a run of letters.
pub const UP_TO: Cues = Cues {
    english: &[" to ", "–", "-"],
    french: &[" à "],
    kinyarwanda: &[" kugeza kuri "],
    kiswahili: &[],
    portuguese: &[" a "],
    ..Cues::NONE
};

pub const FILLING: Cues = Cues {
    english: &[
        "complete ",
        "complete:",
        "fill in",
        "fill the",
        "blank",
        "from the box",
        "in the box",
        "gaps",
        "from the list",
        "the right space",
        "the correct space",
    ],
    french: &["complét", "complèt", "remplis", "pointillés"],
    kinyarwanda: &["uzuza", "ibyanya", "ahari utudomo"],
    kiswahili: &["jaza ", "kamilisha "],
    others: &[
        "setze",
        "lücken",
        "ergänze",
        "fülle",
        "completa ",
        "completa:",
        "completar ",
        "riempi",
        "rellena",
        "preencha",
        "complete o",
        "complete a",
        "vul in",
        "vul aan",
        "boşlu",
        "tamamla",
        "isi tempat kosong",
        "isilah titik",
        "lengkapkan",
        "lengkapilah",
        "填空",
    ],
    ..Cues::NONE
};

/// Words after which a sentence goes on: a place to write that follows is a gap.
pub const BEFORE_GAP: Cues = Cues {
    english: &[
        "a", "an", "the", "is", "are", "was", "were", "called", "of", "in", "by", "to", "for", "from", "with", "as",
        "at", "than",
    ],
    french: &["le", "la", "les", "un", "une", "est", "sont", "de", "du", "des", "par", "en", "appelé", "appelée"],
    kinyarwanda: &["ni", "na", "ya"],
    kiswahili: &["ni", "na", "ya", "wa", "kwa"],
    ..Cues::NONE
};

/// A table's empty cells are to be filled.
pub const COMPLETING_TABLE: Cues = Cues {
    english: &["complete the table", "complete this table", "complete the following table", "complete the truth table"],
    french: &["complétez le tableau", "compléter le tableau", "complète le tableau"],
    kinyarwanda: &["uzuza imbonerahamwe"],
    ..Cues::NONE
};

/// … and something is to be drawn from it.
pub const PLOTTING: Cues = Cues {
    english: &["draw", "plot", "histogram", "graph"],
    french: &["trace", "graphique", "courbe"],
    kinyarwanda: &["shushanya"],
    ..Cues::NONE
};

/// Rows of short words that follow are to be used in the answer.
pub const BANK: Cues = Cues {
    english: &["box", "words", "list below", "given below"],
    french: &["encadré", "mots suivants", "liste suivante", "mots ci-dessous"],
    kinyarwanda: &["mu gasanduku", "amagambo akurikira"],
    ..Cues::NONE
};

/// To be answered in sentences, where it starts a sentence.
pub const EXPLAINING: Cues = Cues {
    english: &["explain", "describe", "discuss", "prove", "show that", "define", "justify", "state the law", "why "],
    french: &["expliqu", "décri", "discute", "démontre", "montrez que", "défini"],
    kinyarwanda: &["sobanura", "kubera iki"],
    kiswahili: &["eleza", "fafanua"],
    ..Cues::NONE
};

/// Reasons or sentences are wanted, wherever that stands.
pub const REASONING: Cues = Cues {
    english: &["explain", "describe", "discuss", "give a reason", "give reasons", "justify", "prove that", "show that"],
    french: &["expliqu", "décri", "justifi", "montrer que", "démontr"],
    kinyarwanda: &["sobanura"],
    kiswahili: &["eleza", "fafanua"],
    ..Cues::NONE
};

/// The same, wherever it stands.
pub const EXPLAINING_SOMEWHERE: Cues = Cues {
    english: &["explain", "describe", "why", "what is meant", "define"],
    french: &["expliqu", "pourquoi", "justifie"],
    kinyarwanda: &["sobanura", "kubera iki"],
    kiswahili: &["eleza", "fafanua", "kwa nini"],
    ..Cues::NONE
};

/// To be answered by a number.
pub const COMPUTING: Cues = Cues {
    english: &[
        "calculate",
        "find",
        "how many",
        "how much",
        "work out",
        "evaluate",
        "determine",
        "value of",
        "solve",
        "convert",
        "express",
        "simplify",
        "how far",
        "how long",
        "how old",
    ],
    french: &[
        "calcul",
        "trouve",
        "combien",
        "détermine",
        "évalue",
        "valeur de",
        "résou",
        "résol",
        "converti",
        "simplifie",
    ],
    kinyarwanda: &["bara ", "ni kangahe", "ni angahe", "bingana iki", "bangahe", "ingahe"],
    kiswahili: &["kokotoa", "tafuta", "ngapi"],
    ..Cues::NONE
};

/// A statement to judge.
pub const TRUTH: Cues = Cues {
    english: &[
        "true or false",
        "true/false",
        "true (t)",
        "true, false",
        "true if",
        "false if",
        "whether each statement is true",
        "true   false",
        "write true",
        "true and false",
        "t or f",
        "yes or no",
    ],
    french: &["vrai ou faux", "vrai/faux", "vrai   faux", "vrai si", "faux si", "v ou f"],
    kinyarwanda: &["ni ukuri cyangwa", "ukuri cyangwa", "yego cyangwa oya", "yego/oya", "andika yego"],
    kiswahili: &["kweli au", "ukweli au", "ndiyo au hapana", "andika ndiyo", "sahihi au", "kweli/", "ndiyo/hapana"],
    portuguese: &[
        "verdadeiro ou",
        "verdadeira ou",
        "verdadeiros ou",
        "verdadeiras ou",
        "verdadeiro (v",
        "verdadeira (v",
        "verdadeiros (v",
        "verdadeiras (v",
        "verdadeiro/",
    ],
    others: &[
        "richtig oder falsch",
        "wahr oder falsch",
        "richtig/falsch",
        "richtig (r)",
        "verdadero o",
        "verdadera o",
        "verdaderos o",
        "verdaderas o",
        "verdadero (v",
        "verdadera (v",
        "verdaderas (v",
        "verdadero/",
        "vero o falso",
        "vere o false",
        "veri o falsi",
        "vera o falsa",
        "vero/falso",
        "juist of onjuist",
        "waar of niet waar",
        "waar of onwaar",
        "doğru ise",
        "doğru mu",
        "doğru/yanlış",
        "doğru veya yanlış",
        "doğru-yanlış",
        "benar atau salah",
        "betul atau salah",
        "sant eller falskt",
        "prawdziw",
        "prawda czy",
        "верно или неверно",
        "вярно или",
        "đúng hay sai",
    ],
};

/// The two options of such a statement, in words of their own.
pub const TRUTH_VALUES: Cues = Cues {
    english: &["true", "false", "yes", "no"],
    french: &["vrai", "faux", "oui", "non"],
    kinyarwanda: &["ukuri", "si ukuri", "ikinyoma", "yego", "oya"],
    kiswahili: &["kweli", "si kweli", "ukweli", "uongo", "ndiyo", "hapana"],
    portuguese: &["verdadeiro", "falso"],
    others: &[
        "richtig",
        "falsch",
        "wahr",
        "vero",
        "falso",
        "verdadero",
        "juist",
        "onjuist",
        "waar",
        "doğru",
        "yanlış",
        "benar",
        "betul",
        "salah",
        "prawda",
        "fałsz",
        "верно",
        "неверно",
        "вярно",
        "грешно",
        "невярно",
    ],
};

/// What a key says of such a statement: that it holds, or that it does not.
pub const HOLDS: Cues = Cues {
    english: &["true", "t"],
    french: &["vrai"],
    kinyarwanda: &["ukuri", "yego"],
    kiswahili: &["kweli", "ndiyo"],
    portuguese: &["verdadeiro"],
    others: &["richtig", "wahr", "vero", "verdadero", "juist", "waar", "doğru", "benar", "betul", "верно", "вярно"],
};
pub const FAILS: Cues = Cues {
    english: &["false", "f"],
    french: &["faux"],
    kinyarwanda: &["ikinyoma", "oya"],
    kiswahili: &["si kweli", "hapana", "uongo"],
    portuguese: &["falso"],
    others: &["falsch", "onjuist", "yanlış", "salah", "неверно", "грешно"],
};

/// A picture, and what is said of one that stands there.
pub const PICTURE: Cues = Cues {
    english: &["figure", "diagram", "graph", "picture", "map", "chart", "table", "drawing", "venn"],
    ..Cues::NONE
};
pub const SHOWN: Cues = Cues {
    english: &[
        "below",
        "above",
        "shows",
        "following",
        "given",
        "shown",
        "the figure",
        "the diagram",
        "the graph",
        "the table",
        "complete",
    ],
    ..Cues::NONE
};

/// A page says that it goes on, or that the paper ends.
pub const GOING_ON: Cues = Cues {
    english: &[
        "overleaf",
        "turn over",
        "p.t.o",
        "continued on the next page",
        "continues on the next page",
        "is on the next page",
        "go on to the next page",
    ],
    french: &["tournez la page", "t.s.v.p"],
    kinyarwanda: &["hindura urupapuro"],
    ..Cues::NONE
};

/// Before the number of a page.
pub const PAGE: Cues = Cues {
    english: &["page"],
    kinyarwanda: &["urupapuro", "ipaji"],
    kiswahili: &["ukurasa"],
    portuguese: &["página"],
    others: &[
        "pagina",
        "pág",
        "pag",
        "seite",
        "sida",
        "side",
        "strona",
        "str",
        "strana",
        "sayfa",
        "halaman",
        "muka surat",
        "oldal",
        "страница",
        "стр",
        "сторінка",
        "σελίδα",
        "σελ",
    ],
    ..Cues::NONE
};

/// Frequent words of English and of French, which no other language of the papers has.
pub const SMALL: [&[&str]; 2] = [
    &["the", "of", "and", "is", "that", "which", "with", "what", "how", "why", "an", "are"],
    &["le", "la", "les", "des", "du", "et", "est", "une", "un", "dans", "que", "quelle"],
];

/// Over the columns of a table of choices, before their letters.
pub const CHOICES_COLUMN: Cues = Cues {
    english: &["answer", "option", "choice"],
    french: &["réponse", "choix", "proposition"],
    kinyarwanda: &["igisubizo"],
    kiswahili: &[],
    portuguese: &["resposta"],
    ..Cues::NONE
};

/// What a page says of itself, to those who write on it.
pub const OF_PAPER: Cues = Cues {
    english: &[
        "this margin",
        "do not write in this margin",
        "do not write on this page",
        "do not write outside the box",
        "space for working",
        "space for calculation",
        "space for rough work",
        "rough work",
        "blank page",
        "this page is intentionally left blank",
        "this page has been left blank intentionally",
        "additional space for answers",
        "additional space for answers and rough work",
        "acknowledgements",
        "not yet answered",
        "answer saved",
        "flag question",
        "google forms",
        "this content is neither created nor endorsed by google",
    ],
    french: &["ne rien écrire dans ce cadre", "page blanche", "pas encore répondu", "réponse enregistrée"],
    ..Cues::NONE
};

/// The heading of a paper's instructions.
pub const INSTRUCTIONS: Cues = Cues {
    english: &["instruction"],
    french: &["consigne"],
    kinyarwanda: &["amabwiriza"],
    kiswahili: &["maagizo", "maelekezo"],
    portuguese: &["instruç"],
    others: &[
        "arahan",
        "petunjuk",
        "istruzioni",
        "instrucciones",
        "hinweise",
        "инструкци",
        "указания",
        "οδηγίες",
        "pokyny",
        "instrukcj",
    ],
};

/// A calculator.
pub const CALCULATOR: Cues = Cues {
    english: &["calculator"],
    french: &["calculatrice", "calculette"],
    kiswahili: &["kikokotoo", "vikokotoo", "kikokotozi", "vikokotozi"],
    portuguese: &["calculadora"],
    others: &["taschenrechner", "calcolatric", "rekenmachine", "kalkulator"],
    ..Cues::NONE
};

/// That something may be used.
pub const MAY: Cues = Cues {
    english: &["may use", "may be used", "may bring", "can use", "can be used", "should use", "allowed", "permitted"],
    french: &["autorisé", "permis", "peut être utilisé", "peuvent être utilisé"],
    kiswahili: &["yanaruhusiwa", "kinaruhusiwa", "vinaruhusiwa", "unaruhusiwa", "anaruhusiwa", "wanaruhusiwa"],
    portuguese: &["permitid", "pode usar", "pode utilizar"],
    others: &[
        "se permite",
        "erlaubt",
        "zugelassen",
        "consentit",
        "ammess",
        "toegestaan",
        "dibenarkan",
        "diperbolehkan",
    ],
    ..Cues::NONE
};

/// That something may not; each wins over what it may be a part of.
pub const MAY_NOT: Cues = Cues {
    english: &["not ", "no ", "without", "nor ", "neither", "never", "prohibited", "forbidden", "banned"],
    french: &["interdit", "non autorisé", "non permis", "n'est pas", "ne sont pas", "pas autorisé", "sans ", "aucun"],
    kiswahili: &["hayaruhusiwi", "hakiruhusiwi", "haviruhusiwi", "huruhusiwi", "haruhusiwi", "hawaruhusiwi", "bila "],
    portuguese: &["não ", "proibid", "sem "],
    others: &["no se ", "prohibid", "sin ", "nicht ", "ohne ", "verboten", "vietat", "niet ", "tidak ", "dilarang"],
    ..Cues::NONE
};

/// The heading of a table of marks behind the questions.
pub const ALLOTMENT: Cues = Cues {
    english: &[
        "mark allocation",
        "allocation of marks",
        "distribution of marks",
        "marks distribution",
        "mark distribution",
    ],
    french: &["barème", "barème de notation", "répartition des points"],
    portuguese: &["cotações", "cotação"],
    others: &["punkteverteilung", "puntuaciones", "criterios de calificación", "punteggi"],
    ..Cues::NONE
};

/// The heading of answers that follow the questions.
pub const ANSWERS: Cues = Cues {
    english: &["answers", "answer key", "answers to the questions", "marking scheme", "marking guide", "solutions"],
    french: &["réponses", "corrigé", "barème"],
    kinyarwanda: &["ibisubizo"],
    kiswahili: &["majibu"],
    portuguese: &["gabarito"],
    others: &[
        "lösungen",
        "lösung",
        "soluzioni",
        "soluciones",
        "respuestas",
        "clave de respuestas",
        "cevap anahtarı",
        "cevap anahtari",
        "cevaplar",
        "skema jawapan",
        "jawapan",
        "kunci jawaban",
        "antwoorden",
    ],
};

/// Before an answer in worked solutions, or a place to write it, as it is written.
pub const ANSWER: Cues = Cues {
    english: &[
        "correct answer:",
        "correct option:",
        "right answer:",
        "answer:",
        "solution:",
        "ans:",
        "ans.",
        "answer",
        "solution",
        "sol:",
    ],
    french: &["réponse:", "réponse :", "bonne réponse :"],
    kinyarwanda: &["igisubizo:"],
    kiswahili: &["jibu:"],
    portuguese: &["resposta:"],
    others: &[
        "respuesta:",
        "antwort:",
        "lösung:",
        "risposta:",
        "cevap:",
        "jawaban:",
        "jawapan:",
        "antwoord:",
        "odpowiedź:",
        "rozwiązanie:",
        "odpověď:",
        "řešení:",
        "svar:",
    ],
};

/// Over the columns of a scheme's table.
pub const LABELS_COLUMN: Cues = Cues {
    english: &["question", "number", "qn ", "part"],
    french: &["numéro"],
    kinyarwanda: &["ikibazo"],
    kiswahili: &["swali"],
    ..Cues::NONE
};
pub const ANSWERS_COLUMN: Cues = Cues {
    english: &[
        "answer",
        "expected",
        "solution",
        "mark scheme",
        "correct",
        "marking point",
        "marking guid",
        "marking instruction",
        "acceptable answer",
        "suggested answer",
        "model answer",
        "indicative",
    ],
    french: &["réponse", "corrigé", "éléments de réponse"],
    kinyarwanda: &["igisubizo", "ibisubizo"],
    kiswahili: &["jibu", "majibu"],
    ..Cues::NONE
};
pub const REMARKS_COLUMN: Cues = Cues {
    english: &["note", "remark", "comment", "guidance", "additional", "further", "extra", "part marks"],
    french: &["observation"],
    ..Cues::NONE
};
pub const MARKS_COLUMN: Cues = Cues {
    english: &["mark", "max"],
    french: &["point", "barème"],
    kinyarwanda: &["amanota"],
    kiswahili: &["alama"],
    others: &["punkte", "punti", "punteggi", "puntos", "cotaç", "puan", "markah", "punten"],
    ..Cues::NONE
};

/// Before an empty box for the letter of an option.
pub const ANSWER_PLACE: Cues =
    Cues { english: &["your answer"], french: &["votre réponse"], kinyarwanda: &["igisubizo cyawe"], ..Cues::NONE };

/// What a paper calls its questions.
pub const QUESTIONS: Cues = Cues {
    english: &["question"],
    french: &[],
    kinyarwanda: &["ibibazo"],
    kiswahili: &["maswali", "swali"],
    portuguese: &["questões"],
    ..Cues::NONE
};

/// Which questions are to be answered.
pub const ATTEMPTING: Cues = Cues {
    english: &["attempt", "answer", "choose", "do any", "select", "any "],
    french: &["répond", "choisi", "traite"],
    kinyarwanda: &["subiza", "hitamo"],
    kiswahili: &["jibu", "chagua"],
    ..Cues::NONE
};

/// All of them.
pub const ALL: Cues = Cues {
    english: &["all"],
    french: &["toutes", "tous"],
    kinyarwanda: &["byose"],
    kiswahili: &["yote"],
    portuguese: &["todas"],
    ..Cues::NONE
};

/// "Your best three answers": those with the most marks.
const BEST: Cues = Cues {
    english: &["best", "highest"],
    french: &["meilleur"],
    kinyarwanda: &["byiza", "beza", "menshi"],
    kiswahili: &[],
    portuguese: &["melhor"],
    ..Cues::NONE
};

/// … will count.
const COUNTING: Cues = Cues {
    english: &["count", "will be marked", "considered", "graded", "taken", "contribute"],
    french: &["compt", "retenu", "pris", "notée"],
    kinyarwanda: &["kubarwa", "bibarwa", "bizabarwa", "azabarwa"],
    kiswahili: &[],
    portuguese: &["contam", "contar"],
    ..Cues::NONE
};

/// Beside labels that are named.
const ONLY: Cues = Cues {
    english: &["only", "alone"],
    french: &["seulement", "seul"],
    kinyarwanda: &["gusa"],
    kiswahili: &[],
    portuguese: &["apenas"],
    ..Cues::NONE
};
const ALL_OR_NONE: Cues = Cues {
    english: &["both", "all", "none", "neither", "nor", "of", "the", "these", "them", "above", "are", "correct"],
    french: &["toutes", "aucune", "les"],
    kinyarwanda: &["byose", "nta"],
    kiswahili: &[],
    portuguese: &["todas"],
    ..Cues::NONE
};

/// Nothing but some of these labels: `I and III only`.
pub fn names(text: &str, labels: &[String]) -> bool {
    let lower = text.to_lowercase();
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let label = |word: &str| labels.iter().any(|label| label == word);
    let joins = |word: &str| AND.all().any(|and| and.trim() == word) || ONLY.has(word) || ALL_OR_NONE.has(word);
    words().any(label) && words().all(|word| label(word) || joins(word))
}

/// `A-III, B-I, C-II`: what of one list goes with what of another.
pub fn pairs_labels(text: &str) -> bool {
    let label = |text: &str| {
        let plain = text.trim_matches(['(', ')', '.', ' ']);
        (1..=4).contains(&plain.len()) && plain.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let text = text.replace(['–', '—', '−', '→'], "-");
    let mut pairs = text.split([',', ';']).map(|pair| pair.split_once('-'));
    text.contains([',', ';']) && pairs.all(|pair| pair.is_some_and(|(left, right)| label(left) && label(right)))
}

/// `(i) and (ii)`, `(i), (iv)`, `(iii) only`: labels of things to choose from, which stand elsewhere.
pub fn names_labels(text: &str) -> bool {
    let Some((_, rest)) = text.trim_start().strip_prefix('(').and_then(|text| text.split_once(')')) else {
        return false;
    };
    let lower = rest.to_lowercase();
    let lower = lower.trim();
    let joined = AND.all().chain([", ", " & "]).find_map(|and| lower.strip_prefix(and.trim()));
    joined.is_some_and(|rest| rest.trim_start().starts_with('(')) || ONLY.has(lower)
}

/// Small numbers, as nouns of each class take them in Kinyarwanda and Kiswahili.
const NUMBERS: [(u32, &[&str]); 11] = [
    (0, &["zero", "zéro"]),
    (1, &["one", "une", "rimwe", "kimwe", "umwe", "moja"]),
    (
        2,
        &[
            "two", "deux", "zwei", "duas", "dois", "twee", "два", "две", "bibiri", "babiri", "abiri", "ebyiri",
            "ibiri", "tubiri", "mbili", "mawili", "wawili", "viwili",
        ],
    ),
    (
        3,
        &[
            "three", "trois", "drei", "tres", "três", "drie", "три", "bitatu", "batatu", "atatu", "eshatu", "itatu",
            "dutatu", "tatu", "matatu", "watatu", "vitatu",
        ],
    ),
    (
        4,
        &[
            "four",
            "quatre",
            "vier",
            "cuatro",
            "quatro",
            "четири",
            "четыре",
            "bine",
            "bane",
            "ane",
            "enye",
            "ine",
            "tune",
            "nne",
            "manne",
            "wanne",
            "vinne",
        ],
    ),
    (
        5,
        &[
            "five", "cinq", "bitanu", "batanu", "atanu", "eshanu", "itanu", "dutanu", "tano", "matano", "watano",
            "vitano",
        ],
    ),
    (6, &["six", "bitandatu", "batandatu", "atandatu", "esheshatu", "itandatu", "dutandatu", "sita"]),
    (7, &["seven", "sept", "birindwi", "saba"]),
    (8, &["eight", "huit", "umunani", "nane", "manane"]),
    (9, &["nine", "neuf", "icyenda", "tisa"]),
    (10, &["ten", "dix", "icumi", "kumi"]),
];

/// A number in digits or words, lower case.
pub fn number(word: &str) -> Option<u32> {
    word.parse().ok().or_else(|| NUMBERS.iter().find(|(_, names)| names.contains(&word)).map(|(number, _)| *number))
}

/// Where a word of the text starts with one of these, and with which.
fn places<'a>(lower: &'a str, cues: &'a Cues) -> impl Iterator<Item = (usize, &'static str)> + 'a {
    cues.all().filter_map(move |cue| {
        let mut found = lower.match_indices(cue).map(|(at, _)| at);
        found.find(|&at| !lower[..at].ends_with(char::is_alphanumeric)).map(|at| (at, cue))
    })
}

/// A lower-case text with `q.4` written out, as `question 4`.
pub fn spelled_out(lower: &str) -> String {
    let mut out = String::with_capacity(lower.len());
    let mut rest = lower;
    while let Some(at) = rest.find('q') {
        let (before, behind) = (&rest[..at], &rest[at + 1..]);
        let number = behind.trim_start_matches(['.', ' ']);
        let word = !before.ends_with(char::is_alphanumeric) && number.starts_with(|c: char| c.is_ascii_digit());
        out.push_str(before);
        out.push_str(if word { "question " } else { "q" });
        rest = if word { number } else { behind };
    }
    out + rest
}

/// Whether a lower-case text says one of these.
pub fn says(lower: &str, cues: &Cues) -> bool {
    places(lower, cues).next().is_some()
}

/// What follows the first of these in a lower-case text, in bytes.
pub fn after(lower: &str, cues: &Cues) -> Option<usize> {
    places(lower, cues).map(|(at, cue)| at + cue.len()).min()
}

/// "circle two", "give any three", "citez deux", "vuga ibintu bitatu": the number, from two to six, after one of the
/// verbs, within four words.
pub fn count_after(lower: &str, verbs: &Cues) -> Option<u32> {
    places(lower, verbs).find_map(|(at, verb)| {
        // Whole words: the 4 of "4,306,052" counts nothing.
        let words = lower[at + verb.len()..].split_whitespace().take(5);
        let mut ended = false;
        let words = words.take_while(|word| !std::mem::replace(&mut ended, word.ends_with(['.', '?', ':'])));
        let words: Vec<_> = words.map(|word| number(word.trim_matches(|c: char| !c.is_alphanumeric()))).collect();
        // Numbers in a row count nothing either.
        let alone = |at: usize| words.get(at + 1).is_none_or(Option::is_none);
        (0..words.len().min(4)).find_map(|at| words[at].filter(|count| (2..=6).contains(count) && alone(at)))
    })
}

/// "Your best three answers will count", "les 3 meilleures réponses seront retenues": how many.
pub fn best_of(lower: &str) -> Option<u32> {
    if !says(lower, &COUNTING) {
        return None;
    }
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let beside = |at: usize| [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| words.get(at));
    let is_best = |word: &str| BEST.start(word);
    let mut all = (0..words.len()).filter(|&at| is_best(words[at])).flat_map(beside);
    all.find_map(|word| number(word).filter(|count| (1..=20).contains(count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_three_languages() {
        for (text, count) in [
            ("give any three uses of water.", Some(3)),
            ("citez deux conséquences du déboisement.", Some(2)),
            ("donnez-en trois exemples.", Some(3)),
            ("vuga ibintu bitatu biranga isuku.", Some(3)),
            ("andika amagambo atatu.", Some(3)),
            ("write 4,306,052 in words.", None),
            ("given two numbers, name one.", None),
            ("name it. there are two.", None),
            ("choose and\n7 9 4 4 −13 16\ncircle the answer.", None),
        ] {
            assert_eq!(count_after(text, &LISTING), count, "{text}");
        }
    }

    #[test]
    fn the_best_answers_are_counted() {
        for (text, count) in [
            ("your best three answers will count.", Some(3)),
            ("only the 3 best answers will be marked", Some(3)),
            ("les trois meilleures réponses seront retenues.", Some(3)),
            ("ibisubizo bitatu byiza ni byo bizabarwa.", Some(3)),
            ("choose the best answer; each question counts 2 marks.", None),
            ("circle the two best answers.", None),
            ("only the first three answers will be marked.", None),
        ] {
            assert_eq!(best_of(text), count, "{text}");
        }
    }

    #[test]
    fn labels_may_be_named_rather_than_given() {
        for text in ["(i) and (ii)", " (i), (ii) and (iv)", "(iii) only", "(ii) et (iii)", "(a) or (b)"] {
            assert!(names_labels(text), "{text}");
        }
        for text in ["(i) andesite", "(i) Name it, (ii) draw it", "(i)", "(ii) Only one of them", "and (i)"] {
            assert!(!names_labels(text), "{text}");
        }
        let labels = ["i", "ii", "iii"].map(str::to_owned);
        for (text, wanted) in
            [("I and III only", true), ("(ii), (iii)", true), ("ii", true), ("none", false), ("I am", false)]
        {
            assert_eq!(names(text, &labels), wanted, "{text}");
        }
    }

    #[test]
    fn words_are_found_at_their_start_only() {
        assert!(says("calculez la vitesse", &COMPUTING));
        assert!(says("l'eau : expliquez.", &EXPLAINING));
        assert!(!says("the rematch was lost", &MATCHING));
        assert_eq!(after("sort them into two, as a or b", &UNDER), Some("sort them into".len()));
    }
}
