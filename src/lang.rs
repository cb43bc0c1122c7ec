//! The languages the program speaks, and every sentence of its own: no word exists in one language
//! only, because both tables are values of the same struct.

use std::fmt;

/// A language of the screen and of the texts of a tree.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    clap::ValueEnum,
    serde::Deserialize,
    serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English
    En,
    /// Spanish
    Es,
}

impl Lang {
    /// Every language, in the order of the enum.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Es];

    /// The two-letter code, as ISO 639-1 has it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
        }
    }

    /// The language with this two-letter code, in any case.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Lang> {
        Lang::ALL
            .into_iter()
            .find(|lang| lang.code().eq_ignore_ascii_case(code))
    }

    /// The first of the system's languages that the program speaks, else English.
    ///
    /// `locales` are names such as `es-MX`, `es_ES.UTF-8` or `C`, most wanted first.
    #[must_use]
    pub fn from_locales(locales: impl IntoIterator<Item = impl AsRef<str>>) -> Lang {
        locales
            .into_iter()
            .find_map(|locale| {
                let code = locale.as_ref().split(['-', '_', '.', '@']).next();
                match code.unwrap_or_default() {
                    // The locale of no place, which POSIX has for English.
                    "C" | "POSIX" => Some(Lang::En),
                    code => Lang::from_code(code),
                }
            })
            .unwrap_or(Lang::En)
    }

    /// What the program itself says in this language.
    #[must_use]
    pub fn words(self) -> &'static Words {
        match self {
            Lang::En => &ENGLISH,
            Lang::Es => &SPANISH,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Every sentence the program says by itself, in one language. `{}` stands for what a caller
/// [`fill`]s in, in that order.
#[derive(Debug)]
#[allow(missing_docs)] // A field is named for the sentence it holds.
pub struct Words {
    pub so_far: &'static str,
    pub question_of: &'static str,
    pub question_number: &'static str,
    pub how_to_find_out: &'static str,
    pub why: &'static str,
    pub warning: &'static str,
    pub steps: &'static str,
    pub say: &'static str,
    pub quoted: &'static str,
    pub note: &'static str,
    pub wait: &'static str,
    pub links: &'static str,
    pub source: &'static str,
    pub channels: &'static str,
    pub facts: &'static str,
    pub causes: &'static str,
    pub phrases: &'static str,
    pub choices: &'static str,
    pub then: &'static str,
    pub symptom: &'static str,
    pub question: &'static str,
    pub remedy: &'static str,
    pub escalation: &'static str,
    pub admin: &'static str,
    pub user: &'static str,
    pub lookout_support: &'static str,
    pub minutes: &'static str,
    pub hours: &'static str,
    pub days: &'static str,
    pub did_it_help: &'static str,
    pub what_now: &'static str,
    pub solved: &'static str,
    pub not_solved: &'static str,
    pub not_solved_escalate: &'static str,
    pub waiting: &'static str,
    pub cannot_find: &'static str,
    pub found: &'static str,
    pub handed_over: &'static str,
    pub not_sure: &'static str,
    pub still_not_sure: &'static str,
    pub back: &'static str,
    pub restart: &'static str,
    pub quit: &'static str,
    pub menu_keys: &'static str,
    pub type_one_of: &'static str,
    pub did_not_help: &'static str,
    pub not_found: &'static str,
    pub not_an_answer: &'static str,
    pub nothing_to_undo: &'static str,
    pub too_many_mistakes: &'static str,
    pub input_ended: &'static str,
    pub ended_solved: &'static str,
    pub ended_escalated: &'static str,
    pub ended_waiting: &'static str,
    pub ended_left: &'static str,
    pub no_symptom: &'static str,
    pub no_node: &'static str,
    pub nothing_matches: &'static str,
    pub something_else: &'static str,
    pub matches: &'static str,
    pub starts_there: &'static str,
    pub one_question: &'static str,
    pub is_it_this: &'static str,
    pub which_is_it: &'static str,
    pub none_of_these: &'static str,
    pub type_or_paste: &'static str,
    pub end_with_empty_line: &'static str,
    pub ended_waiting_until: &'static str,
    pub add_note: &'static str,
    pub note_ends: &'static str,
    pub noted: &'static str,
    pub nothing_noted: &'static str,
    pub mark_steps: &'static str,
    pub marked: &'static str,
    pub which_step: &'static str,
    pub all_steps: &'static str,
    pub what_became: &'static str,
    pub mark_done: &'static str,
    pub mark_tried: &'static str,
    pub mark_could_not: &'static str,
    pub why_not: &'static str,
    pub enter_skips: &'static str,
    pub all_tried: &'static str,
    pub write_message: &'static str,
    pub facts_follow: &'static str,
    pub cannot_keep: &'static str,
    pub case_kept: &'static str,
    pub case_report: &'static str,
    pub case_from: &'static str,
    pub seen: &'static str,
    pub tried: &'static str,
    pub state: &'static str,
    pub open: &'static str,
    pub state_open: &'static str,
    pub state_solved: &'static str,
    pub state_escalated: &'static str,
    pub state_pending: &'static str,
    pub state_due: &'static str,
    pub state_due_later: &'static str,
    pub not_asked: &'static str,
    pub not_offered: &'static str,
    pub newly_asked: &'static str,
    pub unfinished_case: &'static str,
    pub unfinished_hint: &'static str,
    pub new_case: &'static str,
    pub nothing_chosen: &'static str,
    pub no_cases: &'static str,
    pub unkept: &'static str,
    pub go_on_unkept: &'static str,
    pub yes_unkept: &'static str,
    pub delete_cases: &'static str,
    pub yes_delete: &'static str,
    pub report_title: &'static str,
    pub opened: &'static str,
    pub updated: &'static str,
    pub outcome: &'static str,
    pub described: &'static str,
    pub notes: &'static str,
    pub known_facts: &'static str,
    pub unknown: &'static str,
    pub about: &'static str,
    pub tree_checked: &'static str,
    pub hidden: &'static str,
    pub not_known_yet: &'static str,
    pub message_begin: &'static str,
    pub message_subject: &'static str,
    pub message_to: &'static str,
    pub message_about: &'static str,
    pub message_link: &'static str,
    pub message_cut: &'static str,
    pub written: &'static str,
    pub stats_cases: &'static str,
    pub stats_symptoms: &'static str,
    pub stats_solved_by: &'static str,
    pub stats_unsure: &'static str,
    pub stats_taken_back: &'static str,
    pub stats_median: &'static str,
    pub deleted: &'static str,
    pub at_hour: &'static str,
    pub on_day: &'static str,
    pub other_steps: &'static str,
    pub found_then: &'static str,
    pub other_tree: &'static str,
    pub case_lost: &'static str,
    pub none_match: &'static str,
    pub fact_tried: &'static str,
    pub nearest: &'static str,
    pub see_list: &'static str,
}

static ENGLISH: Words = Words {
    so_far: "So far",
    question_of: "Question {} of at most {}",
    question_number: "Question {}",
    how_to_find_out: "How to find out",
    why: "Why this happens",
    warning: "Warning",
    steps: "Steps",
    say: "Say",
    quoted: "“{}”",
    note: "Note",
    wait: "Wait",
    links: "Links",
    source: "Source: {} (checked {})",
    channels: "How to reach them",
    facts: "What to include",
    causes: "Where this leads",
    phrases: "People say",
    choices: "Answers",
    then: "What follows",
    symptom: "Symptom",
    question: "Question",
    remedy: "Remedy",
    escalation: "Escalation",
    admin: "Administrator",
    user: "Device user",
    lookout_support: "Lookout support",
    minutes: "{} min",
    hours: "{} h",
    days: "{} days",
    did_it_help: "Did this solve it?",
    what_now: "What now?",
    solved: "Yes, it is solved",
    not_solved: "No: what else can it be?",
    not_solved_escalate: "No: whom do I contact?",
    waiting: "Too early to tell: I will check later",
    cannot_find: "I cannot find this in the console",
    found: "Found it: go back to “{}”",
    handed_over: "Finish: I will contact them",
    not_sure: "Not sure",
    still_not_sure: "Still not sure",
    back: "Back",
    restart: "Start over",
    quit: "Quit",
    menu_keys: "Arrow keys, a number or a letter to move; Enter to choose; Esc to go back",
    type_one_of: "Type one of these: {}",
    did_not_help: "did not help",
    not_found: "not found",
    not_an_answer: "“{}” is not one of the answers.",
    nothing_to_undo: "This is the first question: there is nothing to go back to. To leave, choose “Quit”.",
    too_many_mistakes: "Stopped: too many answers in a row were not among those offered.",
    input_ended: "Stopped: the input ended before an outcome was reached.",
    ended_solved: "Solved.",
    ended_escalated: "Not solved here: pass it on with the facts above.",
    ended_waiting: "Pending: check again later whether it helped.",
    ended_left: "Left before an outcome was reached.",
    no_symptom: "no symptom or command is called `{}`",
    no_node: "nothing in the tree is called `{}`",
    nothing_matches: "Nothing that is known here matches “{}”.",
    something_else: "Note that “{}” is something other than {}.",
    matches: "matches {}",
    starts_there: "To start at one of these: `lookout-troubleshoot` and its name",
    one_question: "More than one thing matches; this question tells them apart.",
    is_it_this: "Is it this?",
    which_is_it: "Which of these is it?",
    none_of_these: "None of these: show the list",
    type_or_paste: "Type or paste what you see",
    end_with_empty_line: "An error message, a state, or what happens in your words. An empty line ends it.",
    ended_waiting_until: "Pending: check after {} whether it helped.",
    add_note: "Add a note",
    note_ends: "Anything that belongs in the ticket. An empty line ends it.",
    noted: "Noted.",
    nothing_noted: "Nothing was noted.",
    mark_steps: "Mark steps",
    marked: "Marked",
    which_step: "Which step?",
    all_steps: "All the steps",
    what_became: "What became of it?",
    mark_done: "done",
    mark_tried: "already tried",
    mark_could_not: "could not do it",
    why_not: "Why not?",
    enter_skips: "Enter alone skips this; n adds a note.",
    all_tried: "All of this was tried before: on to the next cause.",
    write_message: "Write the message to them",
    facts_follow: "What they will ask for. Enter alone leaves a fact blank, or as it was; n adds a note.",
    cannot_keep: "From here on this case is not saved: {}",
    case_kept: "Case {} is saved: `lookout-troubleshoot resume {}` goes on with it.",
    case_report: "Case {} is saved: `lookout-troubleshoot report {}` prints its record.",
    case_from: "Case {}, last used {}",
    seen: "Seen",
    tried: "Tried",
    state: "State",
    open: "Open",
    state_open: "not finished",
    state_solved: "solved",
    state_escalated: "passed on",
    state_pending: "pending",
    state_due: "pending, due since {}",
    state_due_later: "pending, check after {}",
    not_asked: "This is no longer asked: “{}” (the answer was “{}”).",
    not_offered: "“{}” is no longer an answer to “{}”: please answer again.",
    newly_asked: "This was not asked before: “{}”",
    unfinished_case: "There are cases that are not finished. Which one?",
    unfinished_hint: "Case {} is not finished: `lookout-troubleshoot resume {}` goes on with it. This is a new case.",
    new_case: "A new case",
    nothing_chosen: "nothing chosen yet",
    no_cases: "No case is saved here.",
    unkept: "Cases cannot be saved: {}",
    go_on_unkept: "Go on without saving?",
    yes_unkept: "Yes, go on without saving",
    delete_cases: "Delete for good: {}?",
    yes_delete: "Yes, delete",
    report_title: "{}: case {}",
    opened: "Opened",
    updated: "Last entry",
    outcome: "Outcome",
    described: "As described",
    notes: "Notes",
    known_facts: "Facts for support",
    unknown: "What stayed unknown",
    about: "About this report",
    tree_checked: "{} (facts confirmed up to {})",
    hidden: "Hidden, each behind a name that stays the same: {}",
    not_known_yet: "not known yet whether it helped",
    message_begin: "We need help with Lookout for Work and Microsoft Intune. ____ marks what we do not know yet.",
    message_subject: "{} (case {})",
    message_to: "To",
    message_about: "Subject",
    message_link: "This link opens it in a mail program:",
    message_cut: "(The link is too short for all of it: paste the rest.)",
    written: "Written",
    stats_cases: "Cases on this machine: {}",
    stats_symptoms: "What was seen",
    stats_solved_by: "What solved it",
    stats_unsure: "Where nobody knew the answer",
    stats_taken_back: "Which answers were taken back",
    stats_median: "Time until solved, median",
    deleted: "Cases deleted: {}",
    at_hour: "{}",
    on_day: "{} on {}",
    other_steps: "All the other steps",
    found_then: "found after all",
    other_tree: "This case belongs to another tree: {}",
    case_lost: "This case is not saved.",
    none_match: "No case matches.",
    fact_tried: "What has been tried already (the message that is written here has it)",
    nearest: "did you mean {}?",
    see_list: "`lookout-troubleshoot list` prints every symptom",
};

static SPANISH: Words = Words {
    so_far: "Hasta ahora",
    question_of: "Pregunta {} de {} como máximo",
    question_number: "Pregunta {}",
    how_to_find_out: "Cómo averiguarlo",
    why: "Por qué ocurre",
    warning: "Advertencia",
    steps: "Pasos",
    say: "Diga",
    quoted: "«{}»",
    note: "Nota",
    wait: "Espera",
    links: "Enlaces",
    source: "Fuente: {} (comprobado el {})",
    channels: "Cómo contactar",
    facts: "Qué datos incluir",
    causes: "A dónde lleva",
    phrases: "La gente dice",
    choices: "Respuestas",
    then: "Qué sigue",
    symptom: "Síntoma",
    question: "Pregunta",
    remedy: "Solución",
    escalation: "Escalado",
    admin: "Administrador",
    user: "Usuario del dispositivo",
    lookout_support: "Soporte técnico de Lookout",
    minutes: "{} min",
    hours: "{} h",
    days: "{} días",
    did_it_help: "¿Ha quedado resuelto?",
    what_now: "¿Y ahora?",
    solved: "Sí, está resuelto",
    not_solved: "No: ¿qué más puede ser?",
    not_solved_escalate: "No: ¿con quién contacto?",
    waiting: "Es pronto para saberlo: lo comprobaré más tarde",
    cannot_find: "No encuentro esto en la consola",
    found: "Encontrado: volver a «{}»",
    handed_over: "Terminar: me pondré en contacto",
    not_sure: "No lo sé",
    still_not_sure: "Sigo sin saberlo",
    back: "Atrás",
    restart: "Empezar de nuevo",
    quit: "Salir",
    menu_keys: "Flechas, un número o una letra para moverse; Entrar para elegir; Esc para volver atrás",
    type_one_of: "Escriba una de estas: {}",
    did_not_help: "no sirvió",
    not_found: "no se encontró",
    not_an_answer: "«{}» no es una de las respuestas.",
    nothing_to_undo: "Esta es la primera pregunta: no hay nada antes. Para terminar, elija «Salir».",
    too_many_mistakes: "Detenido: demasiadas respuestas seguidas que no se ofrecían.",
    input_ended: "Detenido: la entrada terminó antes de llegar a un resultado.",
    ended_solved: "Resuelto.",
    ended_escalated: "Sin resolver aquí: páselo a soporte con los datos de arriba.",
    ended_waiting: "Pendiente: compruebe más tarde si ha servido.",
    ended_left: "Abandonado antes de llegar a un resultado.",
    no_symptom: "ningún síntoma ni comando se llama `{}`",
    no_node: "nada en el árbol se llama `{}`",
    nothing_matches: "Nada de lo que aquí se conoce coincide con «{}».",
    something_else: "Tenga en cuenta que «{}» no es lo mismo que {}.",
    matches: "coincide con {}",
    starts_there: "Para empezar en uno de ellos: `lookout-troubleshoot` y su nombre",
    one_question: "Coincide más de una cosa; esta pregunta las distingue.",
    is_it_this: "¿Es esto?",
    which_is_it: "¿Cuál de estos es?",
    none_of_these: "Ninguno de estos: mostrar la lista",
    type_or_paste: "Escribir o pegar lo que ve",
    end_with_empty_line: "Un mensaje de error, un estado, o lo que ocurre con sus palabras. Una línea vacía lo termina.",
    ended_waiting_until: "Pendiente: compruebe a partir de {} si ha servido.",
    add_note: "Añadir una nota",
    note_ends: "Lo que deba constar en el tique. Una línea vacía la termina.",
    noted: "Anotado.",
    nothing_noted: "No se ha anotado nada.",
    mark_steps: "Marcar pasos",
    marked: "Marcado",
    which_step: "¿Qué paso?",
    all_steps: "Todos los pasos",
    what_became: "¿Cómo ha ido?",
    mark_done: "hecho",
    mark_tried: "ya se probó",
    mark_could_not: "no se pudo",
    why_not: "¿Por qué no?",
    enter_skips: "Entrar sin más lo omite; n añade una nota.",
    all_tried: "Todo esto ya se probó: se pasa a la causa siguiente.",
    write_message: "Redactar el mensaje para ellos",
    facts_follow: "Lo que le van a preguntar. Entrar sin más deja el dato en blanco, o como estaba; n añade una nota.",
    cannot_keep: "A partir de aquí este caso no se guarda: {}",
    case_kept: "El caso {} está guardado: `lookout-troubleshoot resume {}` sigue con él.",
    case_report: "El caso {} está guardado: `lookout-troubleshoot report {}` imprime su registro.",
    case_from: "Caso {}, usado por última vez a {}",
    seen: "Se ve",
    tried: "Probado",
    state: "Estado",
    open: "Por resolver",
    state_open: "sin terminar",
    state_solved: "resuelto",
    state_escalated: "pasado a soporte",
    state_pending: "pendiente",
    state_due: "pendiente, vencido desde {}",
    state_due_later: "pendiente, comprobar a partir de {}",
    not_asked: "Esto ya no se pregunta: «{}» (la respuesta fue «{}»).",
    not_offered: "«{}» ya no es una respuesta a «{}»: responda de nuevo, por favor.",
    newly_asked: "Esto no se preguntó antes: «{}»",
    unfinished_case: "Hay casos sin terminar. ¿Cuál?",
    unfinished_hint: "El caso {} está sin terminar: `lookout-troubleshoot resume {}` sigue con él. Este es un caso nuevo.",
    new_case: "Un caso nuevo",
    nothing_chosen: "nada elegido todavía",
    no_cases: "Aquí no hay ningún caso guardado.",
    unkept: "Los casos no se pueden guardar: {}",
    go_on_unkept: "¿Seguir sin guardar?",
    yes_unkept: "Sí, seguir sin guardar",
    delete_cases: "¿Borrar definitivamente: {}?",
    yes_delete: "Sí, borrar",
    report_title: "{}: caso {}",
    opened: "Abierto",
    updated: "Última anotación",
    outcome: "Resultado",
    described: "Tal como se describió",
    notes: "Notas",
    known_facts: "Datos para soporte",
    unknown: "Lo que no se pudo saber",
    about: "Sobre este informe",
    tree_checked: "{} (datos confirmados hasta el {})",
    hidden: "Ocultado, cada dato tras un nombre que no cambia: {}",
    not_known_yet: "aún no se sabe si sirvió",
    message_begin: "Necesitamos ayuda con Lookout for Work y Microsoft Intune. ____ señala lo que aún no sabemos.",
    message_subject: "{} (caso {})",
    message_to: "Para",
    message_about: "Asunto",
    message_link: "Este enlace lo abre en un programa de correo:",
    message_cut: "(No cabe todo en el enlace: pegue el resto.)",
    written: "Escrito",
    stats_cases: "Casos en esta máquina: {}",
    stats_symptoms: "Qué se veía",
    stats_solved_by: "Qué lo resolvió",
    stats_unsure: "Dónde nadie sabía la respuesta",
    stats_taken_back: "Qué respuestas se cambiaron",
    stats_median: "Tiempo hasta resolver, mediana",
    deleted: "Casos borrados: {}",
    at_hour: "las {}",
    on_day: "{} del {}",
    other_steps: "Todos los demás pasos",
    found_then: "se encontró después",
    other_tree: "Este caso es de otro árbol: {}",
    case_lost: "Este caso no está guardado.",
    none_match: "Ningún caso coincide.",
    fact_tried: "Qué se ha probado ya (el mensaje que se redacta aquí lo incluye)",
    nearest: "¿quería decir {}?",
    see_list: "`lookout-troubleshoot list` muestra todos los síntomas",
};

/// Puts `values` in the place of each `{}` of a sentence, in order.
///
/// A `{}` without a value stays as it is; a value without a `{}` is left out.
#[must_use]
pub fn fill(sentence: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut parts = sentence.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        filled.push_str(values.next().unwrap_or(&"{}"));
        filled.push_str(part);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_spoken_locale_wins() {
        for (locales, lang) in [
            (&["es-MX"][..], Lang::Es),
            (&["es_ES.UTF-8"], Lang::Es),
            (&["ES"], Lang::Es),
            (&["en-GB", "es-ES"], Lang::En),
            (&["fr-FR", "es-ES"], Lang::Es),
            (&["C.UTF-8"], Lang::En),
            (&["C", "es-ES"], Lang::En),
            (&["est"], Lang::En),
            (&[""], Lang::En),
            (&[], Lang::En),
        ] {
            assert_eq!(Lang::from_locales(locales), lang, "{locales:?}");
        }
    }

    #[test]
    fn both_languages_take_the_same_values() {
        // Debug prints every field on a line of its own, so no sentence can be forgotten here.
        let holes = |words: &Words| -> Vec<(String, usize)> {
            format!("{words:#?}")
                .lines()
                .filter_map(|line| line.split_once(": \""))
                .map(|(field, sentence)| (field.to_owned(), sentence.matches("{}").count()))
                .collect()
        };
        assert_eq!(holes(&ENGLISH), holes(&SPANISH));
        assert!(holes(&ENGLISH).iter().any(|(_, holes)| *holes > 1));
    }

    #[test]
    fn fill_keeps_what_looks_like_a_hole_in_a_value() {
        assert_eq!(fill("a {} b {} c", &["{}", "2"]), "a {} b 2 c");
        assert_eq!(fill("{}", &[]), "{}");
        assert_eq!(fill("none", &["1"]), "none");
    }
}
