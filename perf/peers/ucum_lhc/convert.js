// Converts each line VALUE<tab>FROM<tab>TO of a file with @lhncbc/ucum-lhc: the peer of ucum_perf
// (protocol: perf/README.md). Usage: node convert.js PAIRS [--serve]
const fs = require('fs');
const readline = require('readline');
const { UcumLhcUtils } = require('@lhncbc/ucum-lhc');

const utils = UcumLhcUtils.getInstance();
const pairs = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)
  .map((line) => line.split('\t')).map(([value, from, to]) => [Number(value), from, to]);

function pass() {
  const begin = process.hrtime.bigint();
  let count = 0, sum = 0, seconds = 0;
  while (seconds < 0.5) {
    for (const [value, from, to] of pairs) {
      const result = utils.convertUnitTo(from, value, to);
      if (result.status !== 'succeeded') continue;
      sum += result.toVal;
      ++count;
    }
    seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  }
  console.log(JSON.stringify({ reader: '@lhncbc/ucum-lhc', conversions_per_second: count / seconds,
    sum: sum / count * pairs.length }));
}

for (let k = 0; k < 4; ++k) {  // let the compiler warm up
  const print = console.log;
  if (process.argv[3] === '--serve') console.log = () => {};
  pass();
  console.log = print;
}
if (process.argv[3] === '--serve') {
  console.log('ready');
  readline.createInterface({ input: process.stdin }).on('line', pass);
}
