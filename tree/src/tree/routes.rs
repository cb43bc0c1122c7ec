//! The routes through a tree: every series of answers that leads from the first question to a remedy
//! or an escalation and asks no question twice. Where no answer leads back, counting them takes time
//! and memory linear in the tree, however many there are. Where some do, there is no fast way (to count
//! the simple paths of a graph is #P-complete: Valiant 1979); then they are walked one by one, and
//! where they are too many the figures say that they are none but bounds.

use std::collections::HashSet;

use super::{Kind, NodeId, Tree};

/// What is known about the routes of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    /// How many there are; [`u128::MAX`] where there are that many or more.
    pub count: u128,
    /// Whether the count, the longest and the median are what they say. Where not, answers lead back
    /// in so many ways that not all routes were walked: there are more routes, and there may be longer
    /// ones.
    pub is_exact: bool,
    /// How many questions the shortest one asks.
    pub shortest: usize,
    /// How many questions the longest one asks.
    pub longest: usize,
    /// How many questions a route asks in the median, the upper one of two; `None` where there are
    /// too many routes to find out.
    pub median: Option<usize>,
    /// How many answers lead back, on some route, to a question that was asked on the way. They are
    /// not followed there.
    pub loops: usize,
    /// The remedies and escalations at which no route ends, in the order of the file: they come
    /// only after a remedy that did not help, or where something cannot be found.
    pub unreached: Vec<NodeId>,
}

/// How many answers may be followed to find the median, in all: a second of work at most, and far
/// more than a tree that people wrote needs.
const STEPS: usize = 50_000_000;

/// How many answers may be followed where routes are walked one by one.
const WALKED: usize = 5_000_000;

/// The questions that are reached by answers, each after all that lead to it, and where their
/// answers lead.
struct Order {
    questions: Vec<NodeId>,
    /// Where the answers of a node lead, without those that lead back.
    targets: Vec<Vec<NodeId>>,
    loops: usize,
}

impl Tree {
    /// Counts the routes.
    #[must_use]
    pub fn routes(&self) -> Routes {
        let order = self.order();
        let size = self.nodes.len();
        let (mut ways, mut nearest, mut farthest) =
            (vec![0_u128; size], vec![usize::MAX; size], vec![0; size]);
        let start = self.start.index();
        (ways[start], nearest[start]) = (1, 0);
        for question in &order.questions {
            let from = question.index();
            for target in &order.targets[from] {
                let to = target.index();
                ways[to] = ways[to].saturating_add(ways[from]);
                nearest[to] = nearest[to].min(nearest[from] + 1);
                farthest[to] = farthest[to].max(farthest[from] + 1);
            }
        }
        let is_end = |node: &usize| self.nodes[*node].kind.is_outcome();
        let ends: Vec<usize> = (0..size).filter(is_end).collect();
        let reached = || ends.iter().copied().filter(|end| ways[*end] > 0);
        let count = reached().fold(0, |count: u128, end| count.saturating_add(ways[end]));
        let bounds = Routes {
            count,
            is_exact: order.loops == 0,
            shortest: reached().map(|end| nearest[end]).min().unwrap_or(0),
            longest: reached().map(|end| farthest[end]).max().unwrap_or(0),
            median: (count < u128::MAX)
                .then(|| self.median(&order, count))
                .flatten(),
            loops: order.loops,
            unreached: self
                .nodes()
                .map(|(id, _)| id)
                .filter(|id| is_end(&id.index()) && ways[id.index()] == 0)
                .collect(),
        };
        if bounds.is_exact {
            return bounds;
        }
        match self.walk_routes() {
            Some(walked) => Routes {
                unreached: bounds.unreached,
                ..walked
            },
            None => Routes {
                median: None,
                ..bounds
            },
        }
    }

    /// The routes, walked one by one in a search in depth; `None` where that takes too long.
    fn walk_routes(&self) -> Option<Routes> {
        let mut by_length: Vec<u128> = Vec::new();
        let mut asked = vec![false; self.nodes.len()];
        let mut loops: HashSet<(NodeId, usize)> = HashSet::new();
        let mut stack = vec![(self.start, self.answers(self.start))];
        asked[self.start.index()] = true;
        let mut steps = 0;
        while let Some((question, answers)) = stack.last_mut() {
            let question = *question;
            let Some(target) = answers.pop() else {
                asked[question.index()] = false;
                stack.pop();
                continue;
            };
            let answer = answers.len();
            steps += 1;
            if steps > WALKED {
                return None;
            }
            if self[target].kind.is_outcome() {
                let length = stack.len();
                by_length.resize(by_length.len().max(length + 1), 0);
                by_length[length] += 1;
            } else if std::mem::replace(&mut asked[target.index()], true) {
                loops.insert((question, answer));
            } else {
                stack.push((target, self.answers(target)));
            }
        }
        let count: u128 = by_length.iter().sum();
        let mut ended = 0;
        let median = by_length.iter().position(|routes| {
            ended += routes;
            ended > count / 2
        });
        Some(Routes {
            count,
            is_exact: true,
            shortest: by_length.iter().position(|routes| *routes > 0).unwrap_or(0),
            longest: by_length.len().saturating_sub(1),
            median,
            loops: loops.len(),
            unreached: Vec::new(),
        })
    }

    /// The questions in topological order, by a search in depth that does not recurse.
    fn order(&self) -> Order {
        let mut order = Order {
            questions: Vec::new(),
            targets: vec![Vec::new(); self.nodes.len()],
            loops: 0,
        };
        let (mut open, mut seen) = (vec![false; self.nodes.len()], vec![false; self.nodes.len()]);
        let mut stack = vec![(self.start, self.answers(self.start))];
        open[self.start.index()] = true;
        seen[self.start.index()] = true;
        while let Some((question, answers)) = stack.last_mut() {
            let from = question.index();
            let Some(target) = answers.pop() else {
                order.questions.push(*question);
                open[from] = false;
                stack.pop();
                continue;
            };
            let to = target.index();
            if open[to] {
                order.loops += 1;
                continue;
            }
            order.targets[from].push(target);
            let is_question = matches!(self[target].kind, Kind::Question(_));
            if is_question && !std::mem::replace(&mut seen[to], true) {
                open[to] = true;
                stack.push((target, self.answers(target)));
            }
        }
        order.questions.reverse();
        order
    }

    /// Where the answers of a question lead, past symptoms.
    fn answers(&self, question: NodeId) -> Vec<NodeId> {
        let targets = self[question].targets();
        targets.map(|target| self.past_symptom(target)).collect()
    }

    /// The median length, counted level by level: how many routes have come to which question after
    /// so many answers.
    fn median(&self, order: &Order, count: u128) -> Option<usize> {
        let mut steps = 0;
        let mut ended = 0;
        let mut ways = vec![0_u128; self.nodes.len()];
        let mut level = vec![self.start];
        ways[self.start.index()] = 1;
        for length in 1.. {
            let mut next = Vec::new();
            let mut arrived: Vec<(NodeId, u128)> = Vec::new();
            for question in level.drain(..) {
                let own = std::mem::take(&mut ways[question.index()]);
                let targets = &order.targets[question.index()];
                steps += targets.len();
                arrived.extend(targets.iter().map(|target| (*target, own)));
            }
            if arrived.is_empty() || steps > STEPS {
                return None;
            }
            for (target, own) in arrived {
                if !matches!(self[target].kind, Kind::Question(_)) {
                    ended += own;
                    continue;
                }
                if ways[target.index()] == 0 {
                    next.push(target);
                }
                ways[target.index()] += own;
            }
            if ended > count / 2 {
                return Some(length);
            }
            level = next;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// A tree whose first question is `a`; each line is a question and the targets of its choices,
    /// and `x` and `y` are escalations.
    fn routes(questions: &[(&str, &[&str])]) -> (Routes, Vec<String>) {
        let mut source = String::from("title: T\nstart: a\nnodes:\n  s: {symptom: S, to: x}\n");
        for end in ["x", "y"] {
            let _ = writeln!(
                source,
                "  {end}: {{escalation: {end}, cause: C, channels: [{{text: T}}], facts: [F]}}"
            );
        }
        for (id, targets) in questions {
            let _ = writeln!(source, "  {id}:\n    question: Q\n    choices:");
            for (index, target) in targets.iter().enumerate() {
                let _ = writeln!(
                    source,
                    "      - {{id: c{index}, label: L{index}, to: {target}}}"
                );
            }
        }
        let tree = Tree::parse(&source).expect("it has no mistake");
        let routes = tree.routes();
        let unreached = routes.unreached.iter();
        let unreached = unreached.map(|node| tree[*node].id.clone()).collect();
        (routes, unreached)
    }

    #[test]
    fn routes_are_counted_with_their_lengths() {
        let (routes, unreached) = routes(&[("a", &["x", "s", "b"]), ("b", &["y", "x", "x"])]);
        let expected = (5, 1, 2, Some(2), 0);
        let Routes {
            count,
            shortest,
            longest,
            median,
            loops,
            ..
        } = routes;
        assert_eq!((count, shortest, longest, median, loops), expected);
        assert_eq!(unreached, [""; 0]);
    }

    #[test]
    fn an_answer_that_leads_back_is_counted_and_not_followed() {
        let (routes, unreached) = routes(&[
            ("a", &["s", "b", "a"]),
            ("b", &["c", "a"]),
            ("c", &["x", "b", "y"]),
        ]);
        assert_eq!((routes.count, routes.loops), (3, 3));
        assert_eq!(
            (routes.shortest, routes.median, routes.longest),
            (1, Some(3), 3)
        );
        assert_eq!(unreached, [""; 0]);
    }

    #[test]
    fn a_route_asks_no_question_twice() {
        // Each of `b` and `c` comes before the other on some route.
        let (routes, _) = routes(&[
            ("a", &["s", "b", "c"]),
            ("b", &["c", "c", "y"]),
            ("c", &["b", "y"]),
        ]);
        // x; b y, b c y, b c y; c y, c b y.
        assert_eq!((routes.count, routes.is_exact, routes.loops), (6, true, 3));
        assert_eq!(
            (routes.shortest, routes.median, routes.longest),
            (1, Some(3), 3)
        );
    }

    #[test]
    fn routes_that_cross_in_too_many_ways_are_bounded() {
        let ids: Vec<String> = (0..30).map(|index| format!("q{index}")).collect();
        let mut targets: Vec<&str> = ids.iter().map(String::as_str).collect();
        targets.push("y");
        let mut questions: Vec<(&str, &[&str])> =
            ids.iter().map(|id| (&**id, &targets[..])).collect();
        questions.push(("a", &["s", "q0"]));
        let (routes, unreached) = routes(&questions);
        assert_eq!((routes.is_exact, routes.median), (false, None));
        assert_eq!((routes.shortest, unreached.len()), (1, 0));
        assert!(routes.count > 30);
    }

    #[test]
    fn a_chain_and_a_ladder_of_a_thousand_questions_take_no_time() {
        let ids: Vec<String> = (0..1000).map(|index| format!("q{index}")).collect();
        for both in [false, true] {
            let mut targets: Vec<[&str; 2]> = ids
                .windows(2)
                .map(|pair| {
                    if both {
                        [&*pair[1], &*pair[1]]
                    } else {
                        ["x", &*pair[1]]
                    }
                })
                .collect();
            targets.push(["x", "y"]);
            let mut questions: Vec<(&str, &[&str])> = ids
                .iter()
                .zip(&targets)
                .map(|(id, targets)| (id.as_str(), &targets[..]))
                .collect();
            questions.push(("a", &["s", "q0"]));
            let (routes, _) = routes(&questions);
            let (count, median) = if both {
                // Two to the power of a thousand.
                (u128::MAX, None)
            } else {
                (1002, Some(502))
            };
            assert_eq!((routes.count, routes.median), (count, median));
            assert_eq!((routes.shortest, routes.longest), (1, 1001));
        }
    }
}
