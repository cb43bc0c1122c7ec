//! Trees of any size, shaped like those that people write: questions that lead on to symptoms, and
//! behind each symptom two questions, five remedies and, in the end, one escalation. The same size
//! gives the same tree.

use std::fmt::Write as _;

/// How many nodes there are behind each symptom, itself included.
const BLOCK: usize = 8;

/// How many choices a question has that leads on.
const WIDTH: usize = 10;

/// A tree file of about so many nodes, without a problem.
pub(crate) fn tree(nodes: usize) -> String {
    let blocks = (nodes / (BLOCK + 1)).max(1);
    let mut text = String::from("title: A generated tree\nstart: level-0-0\nnodes:\n");
    // Each level of questions leads to the next one, and the last to the symptoms.
    let mut widths = vec![blocks];
    while let Some(below) = widths
        .last()
        .filter(|below| **below > 1 || widths.len() == 1)
    {
        widths.push(below.div_ceil(WIDTH));
    }
    let levels = widths.len() - 1;
    for level in 0..levels {
        let below = widths[levels - level - 1];
        for question in 0..widths[levels - level] {
            let _ = writeln!(
                text,
                "  level-{level}-{question}:\n    question: Which part of the machine number {question} is it about?\n    \
                 how: Look at the plate on the side that says which part it is.\n    choices:"
            );
            let choices = question * WIDTH..((question + 1) * WIDTH).min(below);
            for choice in choices {
                if level + 1 == levels {
                    let _ = writeln!(text, "      - to: symptom-{choice}");
                } else {
                    let next = level + 1;
                    let _ = writeln!(
                        text,
                        "      - {{id: part-{choice}, label: Part number {choice}, to: level-{next}-{choice}}}"
                    );
                }
            }
            let _ = writeln!(
                text,
                "      - {{id: other, label: Another part, to: service}}"
            );
        }
    }
    for block in 0..blocks {
        self::block(&mut text, block);
    }
    text.push_str(
        "  service:\n    escalation: Call the service\n    cause: It needs a mechanic.\n    \
         channels: [{text: By phone}]\n    facts: [The serial number]\n\
         links:\n  manual: {label: The manual, url: 'https://machine.example/manual'}\n",
    );
    text
}

fn block(text: &mut String, block: usize) {
    let _ = write!(
        text,
        "  symptom-{block}:
    symptom: Part number {block} makes a noise
    phrases: [it rattles like number {block}, a squeak from part {block}]
    to: question-{block}-0
"
    );
    for question in 0..2 {
        let _ = write!(
            text,
            "  question-{block}-{question}:
    question: What does the lamp of part {block} show, seen from side {question}?
    how: Stand in front of the machine and look at the lamp for half a minute.
    choices:
      - {{id: red, label: The lamp is red, to: remedy-{block}-{}}}
      - {{id: green, label: The lamp is green, to: remedy-{block}-{}}}
      - {{id: dark, label: The lamp is dark, to: {}}}
    unsure: remedy-{block}-0
",
            question * 2,
            question * 2 + 1,
            if question == 0 {
                format!("question-{block}-1")
            } else {
                format!("remedy-{block}-4")
            },
        );
    }
    for remedy in 0..5 {
        let otherwise = match remedy {
            4 => "service".to_owned(),
            remedy => format!("remedy-{block}-{}", remedy + 1),
        };
        let _ = write!(
            text,
            "  remedy-{block}-{remedy}:
    remedy: Oil part number {block} in the way that drawing {remedy} shows
    cause: The part has run dry because nobody has oiled it for a long time.
    steps:
      - {{who: user, do: Switch the machine off and wait until it stands still., say: Please switch it off.}}
      - {{who: admin, do: Oil the part from both sides and switch the machine on again.}}
    links: [manual]
    otherwise: {otherwise}
    source: The manual, page {remedy}
    checked: 2026-11-23
"
        );
    }
}
