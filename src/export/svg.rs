//! A map as a picture: it reads on a light and on a dark page, and whatever a label holds it is
//! well-formed XML.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dugong::graphlib::{EdgeKey, Graph, GraphOptions};
use dugong::{
    EdgeLabel, GraphLabel, NodeLabel, RankDir, WorkControl, WorkError, layout_controlled,
};
use textwrap::core::display_width;

use super::map::{Map, Way};
use crate::tree::Kind;

// Every length is in pixels.

/// The height of a line of text.
const LINE: f64 = 16.0;
/// The width that is kept for a column of text: no font asks for more on average.
const COLUMN: f64 = 7.0;
/// The same for small text.
const SMALL_COLUMN: f64 = 6.0;
/// The room around the text of a place.
const PADDING: f64 = 10.0;
/// How far the points of a question stand out.
const POINT: f64 = 10.0;
/// The room around the whole picture.
const MARGIN: f64 = 20.0;
/// The height of the title and the legend.
const HEAD: f64 = 90.0;
/// The width of an entry of the legend.
const LEGEND: f64 = 120.0;

/// How the picture looks.
const STYLE: &str = "\
text { font: 13px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1a1a1a; text-anchor: middle }
.heading { font-size: 20px; font-weight: 600; text-anchor: start }
.id, .named { font-size: 11px; fill: #555555 }
.named { font-style: italic }
.page { fill: #ffffff }
.way { fill: none; stroke: #6b7280; stroke-width: 1.3; marker-end: url(#arrow) }
.answer { font-size: 12px; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round }
.otherwise { stroke-dasharray: 5 4 }
#arrow path { fill: #6b7280 }
.symptom { fill: #fff3bf; stroke: #b58900 }
.question { fill: #d0ebff; stroke: #1971c2 }
.remedy { fill: #d3f9d8; stroke: #2b8a3e }
.escalation { fill: #ffe3e3; stroke: #c92a2a }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e6e6 }
  .id, .named { fill: #b4bcc8 }
  .page { fill: #0d1117 }
  .way { stroke: #9aa4b2 }
  .answer { stroke: #0d1117 }
  #arrow path { fill: #9aa4b2 }
  .symptom { fill: #4a3b00; stroke: #d9a400 }
  .question { fill: #0b3a63; stroke: #5cb0f5 }
  .remedy { fill: #123f1c; stroke: #5fc774 }
  .escalation { fill: #571717; stroke: #ff8787 }
}
";

/// How many ways may lead to one place and still be drawn; the others are named where they begin,
/// because lines from everywhere to one place hide all others.
const MOST_WAYS: usize = 24;
/// The same for the ways that are taken for want of an answer.
const MOST_FALLBACKS: usize = 4;

/// How many lines a picture may have; nobody could look at more.
const MOST_LINES: usize = 4_000;
/// The most work that a layout may take, in units of its own: a few seconds where everything leads
/// everywhere. A tree of a thousand nodes, shaped like those that people write, takes a fifth of it.
const MOST_WORK: usize = 10_000_000;

/// A map with a place for everything in it.
type Drawing = Graph<NodeLabel, EdgeLabel, GraphLabel>;

/// The map as an SVG picture from left to right, laid out by the method of Sugiyama, Tagawa and Toda
/// (1981) as dagre has it; `None` where the map is too large to be laid out, or to be looked at.
#[must_use]
pub fn svg(map: &Map) -> Option<String> {
    let plan = Plan::new(map);
    let drawing = plan.laid_out()?;
    let head = (LEGEND * 4.0).max(9.0 * columns(map.title));
    let width = drawing.graph().width.max(head) + 2.0 * MARGIN;
    let height = drawing.graph().height + HEAD + MARGIN;
    let title = escaped(map.title);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" lang=\"{}\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n\
         <defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"9\" \
         markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">\
         <path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n\
         <rect class=\"page\" width=\"100%\" height=\"100%\"/>\n\
         <text class=\"heading\" x=\"{MARGIN}\" y=\"34\">{title}</text>\n",
        map.lang
    );
    let mut x = MARGIN + LEGEND / 2.0;
    for (kind, name) in map.kinds() {
        let (width, height) = (LEGEND - 14.0, LINE + 8.0);
        let frame = Frame {
            x,
            y: 62.0,
            width,
            height,
        };
        frame.draw(&mut text, kind, &[Line::Plain(name)]);
        x += LEGEND;
    }
    let _ = writeln!(text, "<g transform=\"translate({MARGIN} {HEAD})\">");
    let columns = Columns::of(&drawing);
    let frame = |place: usize| drawing.node(&place.to_string()).and_then(Frame::of);
    // First the lines, so that none crosses a text.
    let mut answers = String::new();
    for (index, way) in map.ways.iter().enumerate() {
        // Those that are named are not in the drawing.
        let ends = (frame(way.from), frame(way.to));
        if let (Some(drawn), (Some(from), Some(to))) = (drawing.edge_by_key(&key(index, way)), ends)
        {
            let class = if way.is_choice {
                "way"
            } else {
                "way otherwise"
            };
            let line = columns.line(drawn, &from, &to);
            let _ = writeln!(text, "<path class=\"{class}\" d=\"{line}\"/>");
            if let (Some(x), Some(y)) = (drawn.x, drawn.y) {
                write_lines(&mut answers, "answer", &plain(&way.label), x, y);
            }
        }
    }
    text.push_str(&answers);
    for (index, place) in map.places.iter().enumerate() {
        if let Some(frame) = frame(index) {
            let id = escaped(place.id);
            let _ = write!(text, "<g id=\"{id}\">");
            frame.draw(&mut text, place.kind, &plan.texts[index]);
            text.push_str("</g>\n");
        }
    }
    text.push_str("</g>\n</svg>\n");
    Some(text)
}

/// A line of text.
enum Line<'m> {
    /// Of a title, or of an answer.
    Plain(&'m str),
    /// The id of the place that it stands in.
    Id(&'m str),
    /// A way that is not drawn: the answer that leads along it, and the id of the place that it leads
    /// to.
    Way(String, &'m str),
}

/// What is drawn of a map: which ways as lines, and what stands in each place.
struct Plan<'m> {
    map: &'m Map<'m>,
    is_named: Vec<bool>,
    texts: Vec<Vec<Line<'m>>>,
}

impl<'m> Plan<'m> {
    fn new(map: &'m Map) -> Self {
        let mut ways = vec![0; map.places.len()];
        let mut fallbacks = ways.clone();
        for way in &map.ways {
            ways[way.to] += 1;
            fallbacks[way.to] += usize::from(!way.is_choice);
        }
        let mut texts: Vec<Vec<Line>> = Vec::new();
        for place in &map.places {
            let title = place.label.iter().map(|line| Line::Plain(line));
            texts.push(title.chain([Line::Id(place.id)]).collect());
        }
        let mut is_named = Vec::new();
        for way in &map.ways {
            let named =
                ways[way.to] > MOST_WAYS || !way.is_choice && fallbacks[way.to] > MOST_FALLBACKS;
            if named {
                let answer = way.label.join(" ");
                texts[way.from].push(Line::Way(answer, map.places[way.to].id));
            }
            is_named.push(named);
        }
        Plan {
            map,
            is_named,
            texts,
        }
    }

    /// Finds a place for everything; nodes and edges are called by their index in the map.
    fn laid_out(&self) -> Option<Drawing> {
        let mut drawing = Graph::new(GraphOptions {
            directed: true,
            multigraph: true,
            compound: false,
        });
        for (index, (place, text)) in self.map.places.iter().zip(&self.texts).enumerate() {
            let room = match place.kind {
                Kind::Question(_) => PADDING + POINT,
                _ => PADDING,
            };
            let (width, height) = text_size(text);
            let label = NodeLabel {
                width: width + 2.0 * room,
                height: height + 2.0 * PADDING,
                ..NodeLabel::default()
            };
            drawing.set_node(index.to_string(), label);
        }
        for (index, way) in self.map.ways.iter().enumerate() {
            if self.is_named[index] {
                continue;
            }
            let (width, height) = text_size(&plain(&way.label));
            // What is seen stands beside the question what is seen.
            let is_entry = matches!(self.map.places[way.to].kind, Kind::Symptom(_));
            let label = EdgeLabel {
                width,
                height,
                weight: if is_entry { 8.0 } else { 1.0 },
                ..EdgeLabel::default()
            };
            drawing.set_edge_key(key(index, way), label);
        }
        if drawing.edge_count() > MOST_LINES {
            return None;
        }
        drawing.set_graph(GraphLabel {
            rankdir: RankDir::LR,
            nodesep: 14.0,
            edgesep: 6.0,
            ranksep: 120.0,
            ..GraphLabel::default()
        });
        layout_controlled(&mut drawing, &mut Budget { left: MOST_WORK }).ok()?;
        Some(drawing)
    }
}

/// What a way is called in a drawing.
fn key(index: usize, way: &Way) -> EdgeKey {
    EdgeKey::new(
        way.from.to_string(),
        way.to.to_string(),
        Some(index.to_string()),
    )
}

/// Stops a layout that would take too long.
struct Budget {
    left: usize,
}

impl WorkControl for Budget {
    fn charge(&mut self, units: usize) -> Result<(), WorkError> {
        let left = self.left.checked_sub(units);
        self.left = left.ok_or(WorkError::Interrupted)?;
        Ok(())
    }
}

fn plain(lines: &[String]) -> Vec<Line<'_>> {
    lines.iter().map(|line| Line::Plain(line)).collect()
}

/// The width and the height of lines of text.
fn text_size(lines: &[Line]) -> (f64, f64) {
    let size = |line: &Line| match line {
        Line::Plain(text) => columns(text) * COLUMN,
        Line::Id(id) => columns(id) * SMALL_COLUMN,
        Line::Way(answer, id) => columns(&named(answer, id)) * SMALL_COLUMN,
    };
    lines.iter().fold((0.0, 0.0), |(width, height), line| {
        (size(line).max(width), height + LINE)
    })
}

/// The width of a text, in columns. What is too wide for the type is too wide for a picture.
fn columns(text: &str) -> f64 {
    u32::try_from(display_width(text)).map_or(f64::from(u32::MAX), f64::from)
}

fn named(answer: &str, id: &str) -> String {
    format!("{answer} → {id}")
}

/// Where a place is: its middle and its size.
struct Frame {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Frame {
    fn of(label: &NodeLabel) -> Option<Frame> {
        Some(Frame {
            x: label.x?,
            y: label.y?,
            width: label.width,
            height: label.height,
        })
    }

    /// Draws a place in the shape of its kind.
    fn draw(&self, text: &mut String, kind: &Kind, label: &[Line]) {
        match kind {
            Kind::Symptom(_) => self.rectangle(text, kind, self.height.min(2.0 * LINE) / 2.0),
            Kind::Question(_) => self.hexagon(text, kind),
            Kind::Remedy(_) => self.rectangle(text, kind, 0.0),
            Kind::Escalation(_) => {
                self.rectangle(text, kind, 0.0);
                self.smaller(3.0).rectangle(text, kind, 0.0);
            }
        }
        write_lines(text, "title", label, self.x, self.y);
    }

    fn smaller(&self, gap: f64) -> Frame {
        Frame {
            width: self.width - 2.0 * gap,
            height: self.height - 2.0 * gap,
            ..*self
        }
    }

    fn rectangle(&self, text: &mut String, kind: &Kind, radius: f64) {
        let Frame { width, height, .. } = self;
        let (x, y) = (self.x - width / 2.0, self.y - height / 2.0);
        let _ = write!(
            text,
            "<rect class=\"{kind}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
             height=\"{height:.1}\" rx=\"{radius:.1}\"/>"
        );
    }

    fn hexagon(&self, text: &mut String, kind: &Kind) {
        let (half_width, half_height) = (self.width / 2.0, self.height / 2.0);
        let flat = half_width - POINT;
        let corners = [
            (-half_width, 0.0),
            (-flat, -half_height),
            (flat, -half_height),
            (half_width, 0.0),
            (flat, half_height),
            (-flat, half_height),
        ];
        let _ = write!(text, "<polygon class=\"{kind}\" points=\"");
        for (x, y) in corners {
            let _ = write!(text, "{:.1},{:.1} ", self.x + x, self.y + y);
        }
        text.push_str("\"/>");
    }
}

/// Writes lines of text around their middle.
fn write_lines(text: &mut String, class: &str, lines: &[Line], x: f64, y: f64) {
    if lines.is_empty() {
        return;
    }
    // Letters stand a quarter of their line's height above its end.
    let (_, height) = text_size(lines);
    let mut y = y - height / 2.0 + LINE * 0.77;
    let _ = write!(text, "<text class=\"{class}\">");
    for line in lines {
        let at = format!("x=\"{x:.1}\" y=\"{y:.1}\"");
        let _ = match line {
            Line::Plain(line) => write!(text, "<tspan {at}>{}</tspan>", escaped(line)),
            Line::Id(id) => write!(text, "<tspan {at} class=\"id\">{}</tspan>", escaped(id)),
            Line::Way(answer, id) => {
                let (name, id) = (escaped(&named(answer, id)), escaped(id));
                write!(
                    text,
                    "<a href=\"#{id}\"><tspan {at} class=\"named\">{name}</tspan></a>"
                )
            }
        };
        y += LINE;
    }
    text.push_str("</text>\n");
}

/// The columns of a picture, by their middle. Between them there is nothing but lines.
#[derive(Default)]
struct Columns(BTreeMap<i64, Column>);

#[derive(Default)]
struct Column {
    /// How far it reaches to either side: as far as the widest place or answer in it.
    half: f64,
    /// The middles of its places, from the top.
    places: Vec<f64>,
}

impl Columns {
    fn of(drawing: &Drawing) -> Self {
        let mut columns = Columns::default();
        for id in drawing.nodes() {
            if let Some(frame) = drawing.node(id).and_then(Frame::of) {
                let column = columns.reach(frame.x, frame.width);
                let at = column.places.partition_point(|place| *place < frame.y);
                column.places.insert(at, frame.y);
            }
        }
        drawing.for_each_edge(|_, way| {
            if let Some(x) = way.x {
                columns.reach(x, way.width);
            }
        });
        columns
    }

    fn reach(&mut self, middle: f64, width: f64) -> &mut Column {
        let column = self.0.entry(Columns::key(middle)).or_default();
        column.half = column.half.max(width / 2.0);
        column
    }

    fn half(&self, middle: f64) -> f64 {
        self.0
            .get(&Columns::key(middle))
            .map_or(0.0, |column| column.half)
    }

    /// Where between two columns the lines of a place change their height, from 0 to 1: the lines of
    /// one place together, and apart from those of the next.
    fn lane(&self, from: &Frame) -> f64 {
        let places = self.0.get(&Columns::key(from.x));
        let places = places.map_or(&[][..], |column| &column.places);
        let above = places.iter().take_while(|place| **place < from.y);
        let count = |number: usize| u32::try_from(number).map_or(1.0, f64::from);
        (count(above.count()) + 1.0) / (count(places.len()) + 1.0)
    }

    /// The middle in whole pixels: its parts differ in the last digits.
    #[allow(clippy::cast_possible_truncation)] // No picture is that wide.
    fn key(middle: f64) -> i64 {
        middle.round() as i64
    }

    /// The line of a way. It crosses each column level, where room was kept for it, and changes its
    /// height between the columns only, so that it never runs below a place.
    fn line(&self, way: &EdgeLabel, from: &Frame, to: &Frame) -> String {
        let inner = way.points.get(1..way.points.len().saturating_sub(1));
        let inner = inner.unwrap_or_default();
        if (from.x - to.x).abs() < 1.0 {
            // From a place to itself: around its corner, as it was laid out.
            let mut path = String::new();
            for (command, point) in "M".chars().chain("L".chars().cycle()).zip(&way.points) {
                let _ = write!(path, "{command}{:.1} {:.1}", point.x, point.y);
            }
            return path;
        }
        let forward = if from.x < to.x { 1.0 } else { -1.0 };
        let lane = self.lane(from);
        let mut path = String::new();
        let mut y = from.y;
        let _ = write!(path, "M{:.1} {y:.1}", from.x + forward * from.width / 2.0);
        let mut end = from.x + forward * self.half(from.x);
        let stops = inner.iter().map(|point| (point.x, point.y));
        let last = (to.x, to.y);
        for (middle, height) in stops.chain([last]) {
            let half = self.half(middle);
            let begin = middle - forward * half;
            if (height - y).abs() >= 0.05 {
                let bend = end + (begin - end) * lane;
                let _ = write!(
                    path,
                    "L{end:.1} {y:.1}C{bend:.1} {y:.1} {bend:.1} {height:.1} {begin:.1} {height:.1}"
                );
            }
            (y, end) = (height, middle + forward * half);
        }
        let _ = write!(path, "L{:.1} {y:.1}", to.x - forward * to.width / 2.0);
        path
    }
}

/// A text as XML can hold it: see <https://www.w3.org/TR/xml/#charsets>.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            _ => escaped.push(character),
        }
    }
    escaped
}
