// hl7flow convert: files in, tables out, no configuration needed.

#include <hl7flow/adapters/cli/conversion.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow convert day/*.hl7 --out warehouse", "a day of files into Parquet"},
    {"zcat feed.gz | hl7flow convert - --out warehouse --format csv", "from a pipe, as CSV"},
    {"hl7flow convert day/ --out warehouse --tables my.toml", "with tables of your own"},
    {"hl7flow convert day/ --out warehouse --resume", "go on after a crash"},
};

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<ConvertRequest>();
  command.add_option("input", request->inputs, "Files, folders or globs; - is standard input")
      ->required();
  command.add_option("-o,--out", request->out, "Folder to write to")->required();
  command
      .add_option("-f,--format", request->format, "parquet (default), arrow, ndjson, csv or er7")
      ->check(CLI::IsMember({"parquet", "arrow", "ndjson", "csv", "er7"}));
  command.add_option("--codec", request->codec,
                     "Parquet codec: zstd (default), lz4_raw, snappy, …");
  command.add_option("--level", request->level, "Level of zstd (default 1)");
  command.add_option("--tables", request->tables_file, "TOML or YAML file with tables of your own");
  command.add_option("--only", request->only, "Make only these tables")->delimiter(',');
  command.add_option("--charset", request->charset,
                     "auto (default), declared (MSH-18), or one character set for all");
  command.add_option("--charset-errors", request->charset_errors,
                     "Bytes that do not decode: replace (default) or reject");
  command.add_option("--stray-lines", request->stray_lines,
                     "Lines that are no segment: join (default) to the one before, or reject");
  command.add_option("-j,--threads", request->threads, "Threads (default: all cores)");
  command.add_option("--batch-size", request->batch_size, "Bytes of a batch (default 256KiB)");
  command.add_option("--epoch-size", request->epoch_size,
                     "Bytes of input between two commits (default 1GiB)");
  command.add_option("--message-size-max", request->message_size_max,
                     "A larger message is rejected (default 128MiB)");
  command.add_flag("--overwrite", request->overwrite, "Replace what the folder holds");
  command.add_flag("--resume", request->resume, "Go on from the last commit of a killed run");
  command.add_flag("--strict", request->strict, "Exit with 1 if a message was rejected");
  command.add_flag("--metrics", request->metrics, "Show the time each stage took");
  command.add_flag("-q,--quiet", request->quiet, "No account and no progress on stderr");
  command
      .add_option("--summary", request->summary,
                  "text (default), json (also as the last line of stdout) or none")
      ->check(CLI::IsMember({"text", "json", "none"}));
  command.add_option("--progress", request->progress, "auto (default), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  return [request] { return convert(*request); };
}

}  // namespace

const Verb convert_verb{"convert", "Turn HL7 files into warehouse tables", examples, setup};

}  // namespace hl7flow::cli
