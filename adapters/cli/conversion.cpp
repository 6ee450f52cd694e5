// What `hl7flow convert` does, from top to bottom: check the output folder, build the pipeline from
// the same components that a pipeline file names, run it with a manifest, and print the account.

#include <hl7flow/adapters/cli/conversion.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <hl7flow/adapters/cli/catalogue.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/pipeline/manifest.h>

namespace hl7flow::cli {
namespace {

namespace fs = std::filesystem;

/// What the output bytes depend on: a resumed run must have the same.
std::string settings_text(const ConvertRequest& request) {
  std::string text = "format=" + request.format + " codec=" + request.codec +
                     " level=" + std::to_string(request.level) + " charset=" + request.charset +
                     " charset_errors=" + request.charset_errors +
                     " stray_lines=" + request.stray_lines + " epoch_size=" + request.epoch_size +
                     " message_size_max=" + request.message_size_max +
                     " tables=" + request.tables_file + " only=";
  for (std::string const& table : request.only) text += table + ",";
  return text;
}

std::vector<ManifestInput> input_list(const std::vector<std::string>& inputs) {
  std::vector<ManifestInput> list;
  for (std::string const& path : inputs) {
    std::error_code error;
    std::uintmax_t const size = path == "-" ? 0 : fs::file_size(path, error);
    list.push_back({path, error ? 0 : static_cast<std::uint64_t>(size)});
  }
  return list;
}

/// The manifest to go on from: an empty one for a new run. Refuses to write over what is there.
Result<Manifest, Failure> prepare(const ConvertRequest& request) {
  Manifest fresh;
  fresh.settings = settings_text(request);
  fresh.inputs = input_list(request.inputs);
  auto earlier = Manifest::read(request.out);
  if (!earlier && earlier.error().code != ErrorCode::not_found && !request.overwrite)
    return tl::unexpected<Failure>(earlier.error());
  if (request.resume && earlier) {
    if (earlier->inputs != fresh.inputs)
      return fail(ErrorCode::usage,
                  "cannot resume " + request.out + ": its inputs were others, or have changed");
    if (earlier->settings != fresh.settings)
      return fail(ErrorCode::usage,
                  "cannot resume " + request.out + ": it was begun with other settings");
    if (auto done = remove_orphans(request.out, *earlier); !done)
      return tl::unexpected<Failure>(done.error());
    return *earlier;
  }
  if (has_content(request.out) && !request.overwrite && !request.resume)
    return fail(ErrorCode::exists, "the output folder is not empty: " + request.out +
                                       " (--overwrite replaces it, --resume goes on)");
  if (request.overwrite || request.resume) {
    std::error_code error;
    fs::remove(request.out + "/_manifest.json", error);
    if (fs::exists(request.out, error))
      if (auto done = remove_orphans(request.out, fresh); !done)
        return tl::unexpected<Failure>(done.error());
  }
  std::error_code error;
  fs::create_directories(request.out, error);
  if (error)
    return fail(ErrorCode::cannot_create, "cannot create " + request.out + ": " + error.message());
  // The inputs and settings stand from the start, so that a killed run can be resumed.
  if (auto done = fresh.write(request.out); !done) {
    Failure failure = done.error();
    failure.code = ErrorCode::cannot_create;
    return tl::unexpected<Failure>(failure);
  }
  return fresh;
}

Result<std::unique_ptr<Source>, Failure> source_of(const ConvertRequest& request,
                                                   const Manifest& manifest) {
  return make_source("files", Settings()
                                  .set("path", request.inputs)
                                  .set("batch_size", request.batch_size)
                                  .set("message_size_max", request.message_size_max)
                                  .set("epoch_size", request.epoch_size)
                                  .set("start_input", std::uint64_t{manifest.end.input})
                                  .set("start_offset", manifest.end.offset)
                                  .set("start_total", manifest.account.bytes_in)
                                  .node());
}

Result<std::unique_ptr<Stage>, Failure> tabulation_of(const ConvertRequest& request) {
  Settings settings;
  if (!request.only.empty()) settings.set("only", request.only);
  if (!request.tables_file.empty()) {
    auto file = read_config(request.tables_file);
    if (!file) return tl::unexpected<Failure>(file.error());
    const ConfigNode* tables = file->find("table");
    if (tables == nullptr) tables = file->find("tables");
    if (tables == nullptr)
      return fail(ErrorCode::bad_config, request.tables_file + " has no [[table]]");
    settings.set("tables", *tables);
  }
  return make_stage("tabulate", settings.node());
}

Result<std::unique_ptr<Sink>, Failure> sink_of(const ConvertRequest& request,
                                               const Manifest& manifest) {
  Settings settings;
  settings.set("path", request.out).set("first_part", manifest.commits);
  if (request.format == "parquet" || request.format == "arrow")
    settings.set("codec", request.codec).set("level", static_cast<std::uint64_t>(request.level));
  return make_sink(request.format, settings.node());
}

/// Builds the whole pipeline. `manifest` outlives it.
Status build(const ConvertRequest& request, Manifest& manifest, Pipeline& pipeline,
             std::uint64_t& bytes_total) {
  auto source = source_of(request, manifest);
  if (!source) return tl::unexpected<Failure>(source.error());
  bytes_total = (*source)->size_hint();
  auto parse = make_stage("parse", Settings()
                                       .set("charset", request.charset)
                                       .set("charset_errors", request.charset_errors)
                                       .set("stray_lines", request.stray_lines)
                                       .set("message_size_max", request.message_size_max)
                                       .node());
  if (!parse) return tl::unexpected<Failure>(parse.error());
  pipeline.from(std::move(*source)).through(std::move(*parse));
  if (request.format == "er7") {
    // Messages stay messages: there are no tables.
    if (!request.only.empty() || !request.tables_file.empty())
      return fail(ErrorCode::usage, "--only and --tables choose tables, and er7 has none");
  } else {
    auto tabulate = tabulation_of(request);
    if (!tabulate) return tl::unexpected<Failure>(tabulate.error());
    pipeline.through(std::move(*tabulate));
  }
  auto sink = sink_of(request, manifest);
  if (!sink) return tl::unexpected<Failure>(sink.error());
  pipeline.into(std::move(*sink))
      .resume_account(manifest.account)
      .on_commit([&manifest, &request](const Commit& commit) {
        manifest.files.insert(manifest.files.end(), commit.files.begin(), commit.files.end());
        ++manifest.commits;
        manifest.end = commit.end;
        manifest.account = commit.account;
        return manifest.write(request.out);
      });
  return {};
}

Exit report(const ConvertRequest& request, const RunReport& done) {
  Account const& account = done.account;
  if (!request.quiet && request.summary != "none") {
    std::cerr << account_text(done, request.metrics);
    std::cerr << "written to " << request.out << "\n";
  }
  if (request.summary == "json") std::cout << account_json(done) << std::endl;
  if (!account.closes()) {
    std::cerr << "hl7flow: the account does not close: this is a fault of hl7flow\n";
    return Exit::internal;
  }
  if (account.messages_in == 0 && account.bytes_in > 0)
    return complain({ErrorCode::not_hl7, "the input holds no HL7 message"});
  return request.strict && account.rejected > 0 ? Exit::no : Exit::ok;
}

}  // namespace

Exit convert(const ConvertRequest& request) {
  // Everything that can be wrong with the request is looked for before the output is touched.
  for (std::string const& path : request.inputs) {
    if (path == "-") continue;
    std::error_code error;
    if (!fs::exists(path, error))
      return complain({ErrorCode::not_found, "no such file or folder: " + path});
  }
  if (request.resume &&
      std::find(request.inputs.begin(), request.inputs.end(), "-") != request.inputs.end())
    return complain(
        {ErrorCode::usage, "standard input cannot be resumed: it cannot be read again"});
  Manifest none;
  Pipeline probe;
  std::uint64_t bytes_total = 0;
  if (auto built = build(request, none, probe, bytes_total); !built) return complain(built.error());

  auto manifest = prepare(request);
  if (!manifest) return complain(manifest.error());
  if (manifest->complete) {
    std::cerr << "hl7flow: " << request.out << " is complete already\n";
    return report(request, {manifest->account, {}});
  }
  Pipeline pipeline;
  if (auto built = build(request, *manifest, pipeline, bytes_total); !built)
    return complain(built.error());
  Progress progress;
  pipeline.report_progress(progress);
  SignalStop const signals;
  RunOptions options;
  options.threads = request.threads;
  options.stop = signals.token();
  auto const done = [&] {
    auto const when = request.quiet || request.progress == "never" ? ProgressLine::When::never
                      : request.progress == "always"               ? ProgressLine::When::always
                                                                   : ProgressLine::When::automatic;
    ProgressLine const line(progress, bytes_total, when);
    return pipeline.run(options);
  }();
  if (!done) {
    if (done.error().code == ErrorCode::cancelled) {
      std::cerr << "hl7flow: stopped; what is committed stays, --resume goes on\n";
      return signals.exit();
    }
    return complain(done.error());
  }
  manifest->complete = true;
  if (auto written = manifest->write(request.out); !written) return complain(written.error());
  return report(request, *done);
}

}  // namespace hl7flow::cli
