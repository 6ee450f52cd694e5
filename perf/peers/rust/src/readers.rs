//! How each crate is asked for the 24 values.

use crate::{Checksum, Input};
use hl7v2::stream::{Event, StreamParser};

pub type Reader = fn(&Input, &mut Checksum);

/// Segment, then the components to read of each of its fields, all from 1.
type Fields = &'static [(usize, &'static [usize])];
const PLACES: [(&str, Fields); 4] = [
    (
        "MSH",
        &[(3, &[1]), (4, &[1]), (5, &[1]), (6, &[1]), (7, &[1]), (9, &[1, 2]), (10, &[1]), (12, &[1])],
    ),
    ("PID", &[(3, &[1]), (5, &[1, 2]), (7, &[1]), (8, &[1]), (11, &[1, 3])]),
    ("PV1", &[(2, &[1]), (3, &[1]), (19, &[1])]),
    ("OBX", &[(2, &[1]), (3, &[1]), (5, &[1]), (6, &[1]), (11, &[1])]),
];

pub fn named(name: &str) -> Reader {
    match name {
        "hl7v2-stream" => hl7v2_stream,
        "er7" => er7,
        _ => panic!("no reader {name}"),
    }
}

/// er7 builds a tree of the message; the values are read from it by number.
fn er7(input: &Input, checksum: &mut Checksum) {
    for (&(begin, end), &counts) in input.messages.iter().zip(&input.counted) {
        let message = er7::parse(&input.text[begin..end]).expect("the message parses");
        for (name, fields) in PLACES {
            let Some(segment) = message.segment(name) else { continue };
            for &(number, components) in fields {
                let Some(repetition) = segment.field(number).and_then(|f| f.repetition(1)) else {
                    continue;
                };
                for &component in components {
                    let value = repetition.component(component).and_then(|c| c.subcomponent(1));
                    checksum.add(counts, value.map_or(&[], |v| v.raw.as_bytes()));
                }
            }
        }
    }
}

/// hl7v2's stream reader gives an event a field and splits no further, so the components of the
/// fields that are wanted are split here. One reader goes over the whole text: faster than one a
/// message.
fn hl7v2_stream(input: &Input, checksum: &mut Checksum) {
    let mut parser = StreamParser::new(input.text.as_bytes());
    let mut message = 0;
    let mut seen = [false; PLACES.len()];
    let mut wanted: &[(usize, &[usize])] = &[];
    let mut shift = 0;
    while let Some(event) = parser.next_event().expect("the message parses") {
        match event {
            Event::StartMessage { .. } => {
                seen = [true, false, false, false];
                wanted = PLACES[0].1;
                shift = 1; // the crate's first field of MSH is what HL7 calls MSH-2
            }
            Event::Segment { id } => {
                wanted = &[];
                shift = 0;
                for (at, (name, fields)) in PLACES.iter().enumerate() {
                    if !seen[at] && id == name.as_bytes() {
                        seen[at] = true;
                        wanted = fields;
                    }
                }
            }
            Event::Field { num, raw } => {
                let Some(&(number, components)) = wanted.first() else { continue };
                if number != usize::from(num) + shift {
                    continue;
                }
                wanted = &wanted[1..];
                let repetition = first(&raw, b'~');
                for &component in components {
                    let value = repetition.split(|&c| c == b'^').nth(component - 1);
                    checksum.add(input.counted[message], first(value.unwrap_or(&[]), b'&'));
                }
            }
            Event::EndMessage => message += 1,
        }
    }
}

fn first(text: &[u8], separator: u8) -> &[u8] {
    text.split(|&c| c == separator).next().unwrap_or(text)
}
