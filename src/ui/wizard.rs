//! The [`Wizard`] walks a person through a tree. What was answered is written down before anything else
//! happens, and what was not answered is not.

use std::io;

use jiff::{SignedDuration, Zoned};

use super::person::{Command, End, Offer, Person, Reply};
use super::{Page, time};
use crate::answers::Answers;
use crate::case::{Answered, Case, Event, Exhibit, Timestamp, label};
use crate::evidence::Subject;
use crate::lang::fill;
use crate::search::Found;
use crate::tree::{Kind, Node, NodeId};
use crate::triage::exhibit;
use crate::walk::{Answer, Move, Outcome, Position, Walk};

/// Where a conversation is written down, and the clock that it is timed by.
pub trait Journal {
    /// The time, where the person is.
    fn now(&self) -> Zoned;

    /// Whether cases are kept at all.
    fn keeps(&self) -> bool;

    /// Writes down how far a case has come.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    fn keep(&mut self, case: &Case) -> io::Result<()>;
}

/// How a conversation begins.
#[derive(Debug)]
pub enum Begin {
    /// At the first question.
    First,
    /// At a symptom or a remedy.
    At(NodeId),
    /// With what was found for a text.
    Found(String, Found),
    /// Where the case was left.
    Resumed,
}

/// Walks a person through a tree, to an outcome or until they leave.
pub struct Wizard<'t, 's> {
    pub(super) walk: Walk<'t>,
    pub(super) case: Case,
    pub(super) person: Person<'s>,
    journal: &'s mut dyn Journal,
    /// The answers that are known beforehand, where there are any.
    answers: Option<Answers>,
    /// What files say, where there are any.
    pub(super) evidence: Option<Subject<'s>>,
    /// The questions that a person wants to answer, whatever files say.
    overruled: Vec<NodeId>,
    /// Whether the person knows already what the next page is about.
    pub(super) is_brief: bool,
    /// Whether it has been said that the case cannot be kept.
    pub(super) is_loss_told: bool,
    /// That the case goes on, until it does: whoever only looks changes nothing.
    pub(super) resumed: Option<Event>,
    /// Answers from before that could not be reached yet; none of them is asked for again.
    pub(super) recalled: Vec<Answer>,
}

impl<'t, 's> Wizard<'t, 's> {
    /// A wizard at the first question of the walk's tree.
    #[must_use]
    pub fn new(
        walk: Walk<'t>,
        case: Case,
        answers: Option<Answers>,
        evidence: Option<Subject<'s>>,
        person: Person<'s>,
        journal: &'s mut dyn Journal,
    ) -> Self {
        Wizard {
            walk,
            case,
            person,
            journal,
            answers,
            evidence,
            overruled: Vec::new(),
            is_brief: false,
            is_loss_told: false,
            resumed: None,
            recalled: Vec::new(),
        }
    }

    /// What was written down.
    #[must_use]
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// The answers that are known beforehand and that nothing asked for.
    #[must_use]
    pub fn unused(&self) -> Vec<&str> {
        let answers = self.answers.iter();
        answers.flat_map(Answers::unused).collect()
    }

    /// Asks until the walk ends or the person leaves.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn run(&mut self, begin: Begin) -> io::Result<End> {
        let end = self.walk_to_end(begin)?;
        let words = self.person.words();
        if self.is_loss_told {
            self.person.remark(words.case_lost)?;
        } else if self.journal.keeps() && !self.case.entries.is_empty() {
            let hint = match end {
                End::Reached(Outcome::Solved | Outcome::Escalated) => words.case_report,
                _ => words.case_kept,
            };
            let mut page = self.person.page();
            page.hint(&fill(hint, &[&self.case.id, &self.case.id]));
            self.person.show(page)?;
        }
        Ok(end)
    }

    fn walk_to_end(&mut self, begin: Begin) -> io::Result<End> {
        let tree = self.walk.tree();
        if let Some(subject) = self.evidence {
            let device = self.person.hear_of_device(&subject)?;
            // Whoever only looks at a case changes nothing.
            if let Some(text) = device.filter(|_| !matches!(begin, Begin::Resumed)) {
                self.record(Event::Noted { text })?;
            }
        }
        match begin {
            Begin::First => {}
            Begin::At(node) => self.lead(node)?,
            Begin::Found(text, found) => {
                if let Some(end) = self.describe(&text, &found)? {
                    return Ok(end);
                }
            }
            Begin::Resumed => self.resume()?,
        }
        loop {
            let node = match self.walk.position() {
                Position::At(node) => node,
                Position::Ended(outcome) => {
                    self.close(outcome)?;
                    return Ok(End::Reached(outcome));
                }
            };
            if let Some(step) = self.known(&tree[node].id) {
                self.take(step)?;
                continue;
            }
            if let Some((step, said)) = self.found(node) {
                self.tell(node, &said)?;
                self.take(step)?;
                continue;
            }
            if self.answers.is_some() && !self.person.is_typed() {
                return Ok(End::Unanswered(node));
            }
            if let Some(end) = self.visit(node)? {
                return Ok(end);
            }
        }
    }

    /// The answer here that is known beforehand, or was given before something new came in between.
    fn known(&mut self, id: &str) -> Option<Move<'t>> {
        let moves = self.walk.moves();
        let step = |choice: String| moves.iter().copied().find(|step| step.id() == choice);
        let answers = self.answers.as_mut();
        let given = answers.and_then(|answers| answers.next(id));
        given.and_then(step).or_else(|| {
            let index = self.recalled.iter().position(|own| own.node == id)?;
            step(self.recalled.drain(..=index).next_back()?.choice)
        })
    }

    /// What files say here, and the answer that follows; nothing where a person wants to answer, and where
    /// it was answered before: files would say the same again.
    fn found(&self, node: NodeId) -> Option<(Move<'t>, Exhibit)> {
        let is_passed = || self.walk.trail().iter().any(|(passed, _)| *passed == node);
        if self.overruled.contains(&node) || is_passed() {
            return None;
        }
        let said = self.exhibit(node)?;
        let mut moves = self.walk.moves().into_iter();
        let step = moves.find(|step| step.id() == said.choice)?;
        Some((step, said))
    }

    /// What files say about a question.
    fn exhibit(&self, node: NodeId) -> Option<Exhibit> {
        let subject = self.evidence.as_ref()?;
        let Kind::Question(question) = &self.walk.tree()[node].kind else {
            return None;
        };
        let verdict = subject.answer(question)?;
        Some(exhibit(
            &verdict,
            question,
            subject.dossier(),
            self.person.lang,
        ))
    }

    /// Shows a question that files have answered.
    fn tell(&mut self, node: NodeId, said: &Exhibit) -> io::Result<()> {
        let words = self.person.words();
        let mut page = self.person.page();
        page.heading(self.walk.tree()[node].title().get(self.person.lang));
        page.paragraph(&said.answer);
        page.section(words.from_evidence, &said.grounds.join("; "));
        self.person.show(page)
    }

    /// Shows what files say about a question that a person is asked.
    fn remind(&self, page: &mut Page, node: NodeId) {
        let words = self.person.words();
        if let Some(said) = self.exhibit(node) {
            let label = fill(words.evidence_against, &[&said.answer]);
            page.section(&label, &said.grounds.join("; "));
        } else if let (Some(subject), Kind::Question(question)) =
            (&self.evidence, &self.walk.tree()[node].kind)
        {
            for ground in subject.strange(question) {
                page.remark(&ground.told(subject.dossier(), self.person.lang));
            }
        }
    }

    /// Says how the walk ended.
    fn close(&mut self, outcome: Outcome) -> io::Result<()> {
        let words = self.person.words();
        let due = self.case.state().due();
        match (outcome, due) {
            (Outcome::Solved, _) => self.person.say(words.ended_solved),
            (Outcome::Escalated, _) => self.person.say(words.ended_escalated),
            (Outcome::Waiting, None) => self.person.say(words.ended_waiting),
            (Outcome::Waiting, Some(due)) => {
                let due = time(due, &self.journal.now(), words);
                self.person.say(&fill(words.ended_waiting_until, &[&due]))
            }
        }
    }

    /// Shows a node, and asks until the walk has moved. Returns how it ended, if it did.
    fn visit(&mut self, node: NodeId) -> io::Result<Option<End>> {
        let words = self.person.words();
        let tree = self.walk.tree();
        let node_id = node;
        let node = &tree[node];
        let mut page = self.person.page();
        if std::mem::take(&mut self.is_brief) {
            page.heading(node.title().get(self.person.lang));
        } else {
            self.trail(&mut page);
            page.node(tree, node, self.person.lang);
        }
        match &node.kind {
            Kind::Question(_) => {
                self.remind(&mut page, node_id);
                self.progress(&mut page, node_id);
            }
            Kind::Remedy(remedy) => {
                self.marks(&mut page, node, remedy);
                page.ask(words.did_it_help);
            }
            Kind::Symptom(_) | Kind::Escalation(_) => page.ask(words.what_now),
        }
        let question = page.question();
        self.person.show(page)?;
        self.answer(node, &question)
    }

    /// The answers so far, in one line.
    fn trail(&self, page: &mut Page) {
        let words = self.person.words();
        let tree = self.walk.tree();
        let titled = |node: NodeId, what: &str| {
            let title = tree[node].title().get(self.person.lang);
            format!("{title}: {what}")
        };
        let mut answers: Vec<String> = Vec::new();
        let mut detours = Vec::new();
        for (node, step) in self.walk.trail() {
            match step {
                Move::Choose(choice) => answers.push(choice.label.get(self.person.lang).to_owned()),
                Move::Unsure(_) => answers.push(titled(node, words.not_sure)),
                Move::NotSolved(_) => answers.push(titled(node, words.did_not_help)),
                Move::CannotFind(_) => {
                    detours.push(answers.len());
                    answers.push(titled(node, words.not_found));
                }
                // What was looked for has been found, so that it was missing says nothing any more.
                Move::Found(_) => answers.truncate(detours.pop().unwrap_or(answers.len())),
                Move::Solved | Move::Waiting | Move::HandedOver => {}
            }
        }
        if !answers.is_empty() {
            page.trail(words.so_far, &answers.join(" > "));
        }
    }

    /// Which question this is, and how many there can be.
    fn progress(&self, page: &mut Page, node: NodeId) {
        let words = self.person.words();
        let tree = self.walk.tree();
        let is_question = |node| matches!(tree[node].kind, Kind::Question(_));
        let trail = self.walk.trail();
        let asked = trail.iter().filter(|(node, _)| is_question(*node)).count();
        let number = (asked + 1).to_string();
        page.progress(&match tree.questions_left(node) {
            Some(left) => fill(words.question_of, &[&number, &(asked + left).to_string()]),
            None => fill(words.question_number, &[&number]),
        });
    }

    /// Asks at this node until the walk has moved. Returns how it ended, if it did.
    fn answer(&mut self, node: &Node, question: &str) -> io::Result<Option<End>> {
        let words = self.person.words();
        let (unsure, moves): (Vec<Move>, Vec<Move>) = self
            .walk
            .moves()
            .into_iter()
            .partition(|step| matches!(step, Move::Unsure(_)));
        let mut how = match &node.kind {
            Kind::Question(question) => question.how.as_ref(),
            _ => None,
        };
        let unsure_label = match how {
            Some(_) => words.still_not_sure,
            None => words.not_sure,
        };
        let (tree, lang) = (self.walk.tree(), self.person.lang);
        let mut told_that_it_is_the_first = false;
        loop {
            let has_answers = !self.walk.answers().is_empty();
            let mut commands = Vec::new();
            if how.is_some() {
                commands.push((Command::Unsure, words.not_sure));
            } else if !unsure.is_empty() {
                commands.push((Command::Unsure, unsure_label));
            }
            match node.kind {
                Kind::Remedy(_) => commands.push((Command::Mark, words.mark_steps)),
                Kind::Escalation(_) => commands.push((Command::Message, words.write_message)),
                Kind::Question(_) | Kind::Symptom(_) => {}
            }
            if has_answers {
                commands.extend([
                    (Command::Back, words.back),
                    (Command::Restart, words.restart),
                ]);
            } else {
                commands.push((Command::Search, words.type_or_paste));
            }
            commands.push((Command::Quit, words.quit));
            let earlier = self.walk.earlier();
            // The command for being unsure is the first one.
            let answers = moves.iter().chain(&unsure);
            let offer = Offer {
                choices: moves
                    .iter()
                    .map(|step| (step.id().to_owned(), label(tree, *step, lang)))
                    .collect(),
                default: answers
                    .map(|step| step.id())
                    .position(|id| Some(id) == earlier),
                commands,
                question: question.to_owned(),
                words,
            };
            match self.ask(offer)? {
                Reply::Choice(index) => {
                    self.take(moves[index])?;
                    return Ok(None);
                }
                Reply::Command(Command::Search) => return self.ask_for_text(),
                Reply::Described(text) => return self.look_for(&text),
                Reply::Command(Command::Mark) => return self.mark_steps(node),
                Reply::Command(Command::Message) => return self.write_message(node),
                Reply::Command(Command::Unsure) => match (how.take(), unsure.first()) {
                    (Some(how), _) => {
                        let mut page = self.person.page();
                        page.section(words.how_to_find_out, how.get(self.person.lang));
                        self.person.show(page)?;
                    }
                    (None, Some(step)) => {
                        self.take(*step)?;
                        return Ok(None);
                    }
                    (None, None) => {}
                },
                Reply::Command(Command::Back) if !has_answers => {
                    if !std::mem::replace(&mut told_that_it_is_the_first, true) {
                        self.person.say(words.nothing_to_undo)?;
                    }
                }
                Reply::Command(Command::Back) => {
                    self.recalled.clear();
                    self.walk.back();
                    self.overrule();
                    self.record_way(Event::TookBack)?;
                    return Ok(None);
                }
                Reply::Command(Command::Restart) => {
                    self.recalled.clear();
                    self.walk.restart();
                    self.overruled.clear();
                    self.overrule();
                    self.record_way(Event::StartedOver)?;
                    return Ok(None);
                }
                Reply::Command(Command::Quit) => return self.person.leaves().map(Some),
                // Whoever asks takes care of it.
                Reply::Command(Command::Note) => {}
                Reply::End(end) => return Ok(Some(end)),
            }
        }
    }

    /// Leaves the question where the walk stands to the person, who came back to it.
    fn overrule(&mut self) {
        if let Position::At(node) = self.walk.position() {
            self.overruled.push(node);
        }
    }

    /// Asks until there is an answer. A note can be added before it.
    pub(super) fn ask(&mut self, mut offer: Offer) -> io::Result<Reply> {
        let last = offer.commands.len().saturating_sub(1);
        let note = (Command::Note, self.person.words().add_note);
        offer.commands.insert(last, note);
        loop {
            match self.person.ask(&offer)? {
                Reply::Command(Command::Note) => {
                    if let Some(end) = self.note()? {
                        return Ok(Reply::End(end));
                    }
                    let mut page = self.person.page();
                    page.again(&offer.question);
                    self.person.show(page)?;
                }
                reply => return Ok(reply),
            }
        }
    }

    /// Answers with one of the moves of the walk, and writes it down.
    pub(super) fn take(&mut self, step: Move<'t>) -> io::Result<()> {
        let Position::At(at) = self.walk.position() else {
            return Ok(());
        };
        let now = self.now();
        let answered = self.answered(at, step, now);
        if self.walk.answer(step.id()) {
            self.go_on();
            self.case.record(now, Event::Answered(answered));
            self.keep()?;
        }
        Ok(())
    }

    /// Goes to a node by the fewest answers, and writes them down.
    pub(super) fn lead(&mut self, node: NodeId) -> io::Result<()> {
        self.walk = Walk::leading_to(self.walk.tree(), node);
        self.go_on();
        for (at, step) in self.walk.trail() {
            let now = self.now();
            let answered = self.answered(at, step, now);
            self.case.record(now, Event::Answered(answered));
        }
        self.keep()
    }

    fn answered(&self, at: NodeId, step: Move<'t>, now: Timestamp) -> Answered {
        let tree = self.walk.tree();
        let wait = match (&tree[at].kind, step) {
            (Kind::Remedy(remedy), Move::Waiting) => remedy.wait.as_ref(),
            _ => None,
        };
        let due = wait.and_then(|wait| {
            let length = SignedDuration::from_mins(i64::from(wait.minutes));
            now.checked_add(length).ok()
        });
        Answered {
            evidence: self.exhibit(at),
            ..Answered::new(tree, at, step, self.person.lang, due)
        }
    }

    /// Writes down what changes the way that was gone.
    fn record_way(&mut self, event: Event) -> io::Result<()> {
        self.go_on();
        self.record(event)
    }

    fn go_on(&mut self) {
        if let Some(resumed) = self.resumed.take() {
            self.case.record(self.now(), resumed);
        }
    }

    /// Writes down what happened.
    pub(super) fn record(&mut self, event: Event) -> io::Result<()> {
        self.case.record(self.now(), event);
        self.keep()
    }

    /// The time, as it is written down.
    pub(super) fn now(&self) -> Timestamp {
        self.journal.now().timestamp()
    }

    /// The time, where the person is.
    pub(super) fn local_now(&self) -> Zoned {
        self.journal.now()
    }

    /// Keeps what has been written down; where that fails, says so once and goes on.
    pub(super) fn keep(&mut self) -> io::Result<()> {
        let Err(error) = self.journal.keep(&self.case) else {
            return Ok(());
        };
        if std::mem::replace(&mut self.is_loss_told, true) {
            return Ok(());
        }
        let sentence = self.person.words().cannot_keep;
        self.person.remark(&fill(sentence, &[&error.to_string()]))
    }
}
