//! Reads 24 values of each message of a file with a Rust crate and says how fast. The values, the
//! checksum and the protocol on stdin and stdout are those of perf/README.md, the same for every
//! peer. Usage: read24 FILE [--reader hl7v2-stream|er7] [--serve]

mod readers;

use std::io::BufRead;
use std::time::Instant;

const PASSES: usize = 5;

/// The messages of a file, and which of them count for the checksum.
pub struct Input {
    text: String,
    messages: Vec<(usize, usize)>,
    counted: Vec<bool>,
}

impl Input {
    fn read(path: &str) -> Input {
        let text = std::fs::read_to_string(path).expect("the file is UTF-8");
        let mut messages = Vec::new();
        let mut begin = 0;
        while begin < text.len() {
            let end = text[begin..].find("\rMSH|").map_or(text.len(), |at| begin + at + 1);
            messages.push((begin, end));
            begin = end;
        }
        let counted = messages
            .iter()
            .map(|&(begin, end)| !text.as_bytes()[begin + 9..end].contains(&b'\\'))
            .collect();
        Input { text, messages, counted }
    }
}

/// What the values that were read add up to.
#[derive(Default)]
pub struct Checksum {
    values: u64,
    bytes: u64,
}

impl Checksum {
    #[inline]
    pub fn add(&mut self, counts: bool, value: &[u8]) {
        if counts && !value.is_empty() {
            self.values += 1;
            self.bytes += value.len() as u64;
        }
    }
}

fn pass(input: &Input, read: readers::Reader) -> (f64, Checksum) {
    let mut checksum = Checksum::default();
    let begin = Instant::now();
    read(input, &mut checksum);
    (begin.elapsed().as_secs_f64(), checksum)
}

fn report(name: &str, input: &Input, (seconds, checksum): &(f64, Checksum)) {
    let messages = input.messages.len();
    println!(
        "{{\"reader\": \"{name}\", \"messages\": {messages}, \"seconds\": {seconds:.6}, \
         \"messages_per_second\": {:.1}, \"checksum\": \"{}:{}\"}}",
        messages as f64 / seconds,
        checksum.values,
        checksum.bytes
    );
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let serve = arguments.iter().position(|a| a == "--serve");
    if let Some(at) = serve {
        arguments.remove(at);
    }
    let name = match arguments.iter().position(|a| a == "--reader") {
        Some(at) => arguments[at + 1].clone(),
        None => "hl7v2-stream".to_string(),
    };
    let read = readers::named(&name);
    let input = Input::read(&arguments[0]);
    pass(&input, read);
    if serve.is_some() {
        println!("ready");
        for _ in std::io::stdin().lock().lines() {
            report(&name, &input, &pass(&input, read));
        }
        return;
    }
    let mut passes: Vec<_> = (0..PASSES).map(|_| pass(&input, read)).collect();
    passes.sort_by(|a, b| a.0.total_cmp(&b.0));
    report(&name, &input, &passes[PASSES / 2]);
}
