// hl7flow convert: files in, tables out, no configuration needed.

#include <iostream>

#include <hl7flow/adapters/cli/conversion.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow convert day/*.hl7 --out warehouse", "a day of files into Parquet"},
    {"zcat feed.gz | hl7flow convert - --out warehouse --format csv", "from a pipe, as CSV"},
    {"hl7flow convert day/ --out warehouse --tables my.toml", "with tables of your own"},
    {"hl7flow convert day/ --out warehouse --where 'MSH-9.1 in ADT,ORU'", "only some messages"},
    {"hl7flow convert day/ --out warehouse --codes codes.store",
     "with standard codes beside sent ones"},
    {"hl7flow convert day/ --out warehouse --dedupe", "without what was sent twice"},
    {"hl7flow convert day/ --out warehouse --identify", "with a person id for every patient"},
    {"hl7flow convert day/ --out warehouse --flag-repeats", "with tests that were done twice"},
    {"hl7flow convert day/ --out warehouse --resume", "go on after a crash"},
    {"hl7flow convert day/ --out warehouse --dry-run > pipeline.yaml",
     "as a file, to change and to run with hl7flow run"},
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
                     "Codec of parquet and arrow: zstd (default), lz4_raw, snappy, …");
  command.add_option("--level", request->level, "Level of zstd, 1 to 22 (default 1)")
      ->check(at_least(1));
  command.add_option("--tables", request->tables_file, "TOML or YAML file with tables of your own");
  command
      .add_option(
          "--codes", request->codes,
          "Map codes to LOINC, ICD-10-CM, RxNorm, …: a code store of hl7flow codes build, or "
          "starter for the sample that comes with the program")
      ->allow_extra_args(false);
  command
      .add_option(
          "--triplet", request->triplet,
          "With --format er7 and --codes: the standard code goes into the alternate triplet "
          "of each coded field, or becomes the primary one")
      ->check(CLI::IsMember({"alternate", "primary"}));
  command
      .add_option("--map", request->maps,
                  "CSV file of your own codes and what they map to; with --codes starter or alone")
      ->allow_extra_args(false);
  command.add_flag("--dedupe", request->dedupe,
                   "Drop messages that were sent twice (same control id and content); the table "
                   "duplicates says which");
  command.add_option("--dedupe-state", request->dedupe_state,
                     "Folder that remembers what was seen from run to run; implies --dedupe");
  command.add_flag("--identify", request->identify,
                   "Find the person of each patient record: column person_id, and the tables "
                   "person_links (who came to be whom, and why) and person_reviews");
  command.add_option("--identify-state", request->identify_state,
                     "Folder that remembers the persons from run to run; implies --identify");
  command
      .add_option("--identify-decisions", request->decisions,
                  "CSV file of person_reviews with a column decision: same, different or open; "
                  "implies --identify")
      ->allow_extra_args(false);
  command.add_option("--identify-weights", request->identify_weights,
                     "File of hl7flow persons train: weights that were learned from this site's "
                     "persons; implies --identify");
  command.add_flag("--flag-repeats", request->flag_repeats,
                   "Say which orders and results repeat a test that the person had in the last 24 "
                   "hours: the table repeated_orders");
  command.add_option("--repeat-window", request->repeat_window,
                     "How far apart two tests are repeats, such as 4h; implies --flag-repeats");
  command.add_option("--repeat-state", request->repeat_state,
                     "Folder that remembers orders from run to run; implies --flag-repeats");
  command.add_option("--only", request->only, "Make only these tables")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--charset", request->charset,
                     "auto (default), declared (MSH-18), or one character set for all");
  command.add_option("--charset-errors", request->charset_errors,
                     "Bytes that do not decode: replace (default) or reject");
  command.add_option("--stray-lines", request->stray_lines,
                     "Lines that are no segment: join (default) to the one before, or reject");
  command
      .add_option(
          "--escapes", request->escapes,
          "Escape sequences such as \\F\\: decode (default; unknown ones stay as sent), keep "
          "all as sent, or error: reject messages with unknown ones")
      ->check(CLI::IsMember({"decode", "keep", "error"}));
  command
      .add_option("--continuations", request->continuations,
                  "Messages sent in parts (DSC-1, MSH-14): join them (default), or keep the parts")
      ->check(CLI::IsMember({"join", "keep"}));
  command.add_option("--batch-size", request->batch_size, "Bytes of a batch (default 128KiB)");
  command.add_option("--epoch-size", request->epoch_size,
                     "Bytes of input between two commits (default 1GiB)");
  command.add_option("--message-size-max", request->message_size_max,
                     "A larger message is rejected (default 128MiB)");
  command
      .add_option("-w,--where", request->where,
                  "Only messages for which this holds: PID-8=F, \"MSH-9.1 in ADT,ORU\"; the others "
                  "count as filtered; several: all must")
      ->allow_extra_args(false);
  command.add_flag("--dry-run", request->dry_run, "Print the pipeline as a file for hl7flow run");
  add_job_options(command, request->job);
  return [request] {
    auto const description = describe_conversion(*request);
    if (!description) return complain(description.error());
    if (!request->dry_run) return run_job(*description, request->job);
    if (auto ok = check_job(*description); !ok) return complain(ok.error());
    std::cout << yaml_text(*description);
    return Exit::ok;
  };
}

}  // namespace

const Verb convert_verb{"convert", "Turn HL7 files into warehouse tables", examples, setup};

}  // namespace hl7flow::cli
