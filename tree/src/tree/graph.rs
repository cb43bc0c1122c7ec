//! Questions about the shape of a tree: what reaches what, what goes round in circles, how long a
//! way can be. Every function takes time and memory linear in the nodes and edges, and none recurses,
//! so that a chain of a hundred thousand nodes is as safe as one of three.

use std::collections::VecDeque;

use super::{Kind, Node, NodeId};

fn ids() -> impl Iterator<Item = NodeId> {
    (0..).map(NodeId)
}

/// Which of so many nodes can be reached from some of them, those included. `targets` are the nodes
/// that a node leads to.
pub(super) fn reach<'e, T: Iterator<Item = &'e NodeId>>(
    nodes: usize,
    targets: impl Fn(NodeId) -> T,
    from: impl IntoIterator<Item = NodeId>,
) -> Vec<bool> {
    let mut reached = vec![false; nodes];
    let mut queue: VecDeque<NodeId> = from.into_iter().collect();
    for node in &queue {
        reached[node.index()] = true;
    }
    while let Some(node) = queue.pop_front() {
        for target in targets(node) {
            if !std::mem::replace(&mut reached[target.index()], true) {
                queue.push_back(*target);
            }
        }
    }
    reached
}

/// The loops among these nodes that no way leads out of, each once.
///
/// The way out is an escalation, which is a node that leads nowhere: whoever gets there is helped
/// by a person. A node that reaches none of them is trapped, and so is everything it leads to;
/// following the first way from node to node must therefore come round.
pub(super) fn traps(edges: &[Vec<NodeId>], among: &[bool]) -> Vec<Vec<NodeId>> {
    let mut sources: Vec<Vec<NodeId>> = vec![Vec::new(); edges.len()];
    for (from, targets) in ids().zip(edges) {
        for to in targets {
            sources[to.index()].push(from);
        }
    }
    let ends = ids().zip(edges).filter(|(_, targets)| targets.is_empty());
    let ends = ends.map(|(node, _)| node);
    let escapes = reach(edges.len(), |node| sources[node.index()].iter(), ends);

    let mut seen = vec![false; edges.len()];
    let mut loops = Vec::new();
    for start in ids().take(edges.len()) {
        if !among[start.index()] || escapes[start.index()] {
            continue;
        }
        let mut trail = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next.filter(|at| !std::mem::replace(&mut seen[at.index()], true)) {
            trail.push(at);
            next = edges[at.index()].first().copied();
        }
        // A trail that runs into an earlier one leads to a loop that is known already.
        let looped = next.and_then(|at| trail.iter().position(|node| *node == at));
        if let Some(first) = looped {
            loops.push(trail.split_off(first));
        }
    }
    loops
}

/// For each node, how many questions are asked at most until a remedy or an escalation, itself
/// included; `None` for those from which a loop of questions can be reached.
///
/// Kahn's topological sort, from the ends backwards: a node is settled once all it leads to are.
pub(super) fn questions_left(nodes: &[Node]) -> Vec<Option<usize>> {
    let mut left = vec![None; nodes.len()];
    let mut longest = vec![0; nodes.len()];
    let mut unsettled = vec![0; nodes.len()];
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut settled = VecDeque::new();
    for (node_index, node) in nodes.iter().enumerate() {
        if node.kind.is_outcome() {
            settled.push_back((node_index, 0));
            continue;
        }
        for target in node.targets() {
            unsettled[node_index] += 1;
            sources[target.index()].push(node_index);
        }
    }
    while let Some((target, questions)) = settled.pop_front() {
        left[target] = Some(questions);
        for &source in &sources[target] {
            longest[source] = questions.max(longest[source]);
            unsettled[source] -= 1;
            if unsettled[source] == 0 {
                let own = usize::from(matches!(nodes[source].kind, Kind::Question(_)));
                settled.push_back((source, longest[source] + own));
            }
        }
    }
    left
}
