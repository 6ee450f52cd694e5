// hl7flow codes build: releases of codes, as their owners publish them, into one store.

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <map>

#include <hl7flow/adapters/cli/codes/codes_verbs.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/adapters/codes/releases.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow codes build --starter --csv lab_map.csv --out codes.store",
     "the sample, and your own map"},
    {"hl7flow codes build --loinc Loinc_2.81.zip --rxnorm RxNorm_full.zip --out codes.store",
     "releases as they are downloaded"},
};

struct Request {
  std::map<std::string, std::vector<std::string>> releases;
  std::string out, name, version;
  bool starter = false, overwrite = false, quiet = false;
};

std::string table_text(const std::vector<codes::LoadReport>& reports) {
  std::string text = fmt::format("{:<44} {:>12} {:>12} {:>10} {:>8}\n", "file", "rows", "loaded",
                                 "skipped", "bad");
  for (codes::LoadReport const& report : reports) {
    std::string file = report.file;
    if (file.size() > 44) file = "…" + file.substr(file.size() - 43);
    text += fmt::format("{:<44} {:>12} {:>12} {:>10} {:>8}\n", file, grouped(report.rows_read),
                        grouped(report.rows_loaded), grouped(report.rows_skipped),
                        grouped(report.rows_bad));
    if (report.rows_bad > 0) text += "  first: " + report.first_problem + "\n";
  }
  return text;
}

/// On a terminal, one line that is written over, twice a second at most.
adapters::Release::Progress progress_line() {
  auto const last = std::make_shared<std::chrono::steady_clock::time_point>();
  return [last](std::string_view file, std::uint64_t done, std::uint64_t all) {
    auto const now = std::chrono::steady_clock::now();
    if (now - *last < std::chrono::milliseconds(500)) return;
    *last = now;
    std::cerr << fmt::format("\r\033[K{} {} of {}", file, bytes_text(static_cast<double>(done)),
                             bytes_text(static_cast<double>(all)))
              << std::flush;
  };
}

Exit run(const Request& request) {
  std::vector<adapters::ReleaseRequest> releases;
  for (auto const& [name, paths] : request.releases)
    for (std::string const& path : paths)
      releases.push_back({adapters::find_release_format(name), path});
  if (releases.empty() && !request.starter)
    return complain({ErrorCode::usage,
                     "nothing to build of: name a release, such as --loinc PATH, "
                     "or --starter"});
  auto const began = std::chrono::steady_clock::now();
  bool const shows_progress = !request.quiet && ::isatty(STDERR_FILENO) == 1;
  auto const reports = adapters::build_code_store(
      std::move(releases), request.out, request.name, request.version, request.starter,
      request.overwrite, shows_progress ? progress_line() : adapters::Release::Progress());
  if (shows_progress) std::cerr << "\r\033[K";
  if (!reports) return complain(reports.error());
  auto const loaded = LoadedCodes::open(request.out);
  if (!loaded) return complain(loaded.error());
  codes::CodeStore const& store = (*loaded)->store();
  double const seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (!request.quiet)
    std::cerr << table_text(*reports)
              << fmt::format("{}: {} codes, {} targets of {} maps, {} in {}\n", request.out,
                             grouped(store.concepts().size()), grouped(store.targets().size()),
                             store.maps().size(), bytes_text(static_cast<double>(store.size())),
                             seconds_text(seconds));
  return Exit::ok;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  for (adapters::ReleaseFormat const& format : adapters::release_formats())
    command
        .add_option("--" + std::string(format.name), request->releases[std::string(format.name)],
                    std::string(format.title))
        ->allow_extra_args(false);
  command.add_flag("--starter", request->starter, "Begin with the sample of common codes");
  command.add_option("-o,--out", request->out, "Store to write")->required();
  command.add_option("--name", request->name, "Name of the store, for people");
  command.add_option("--store-version", request->version, "Version of the store, for people");
  command.add_flag("--overwrite", request->overwrite,
                   "Replace a store; programs that have it open go on with the old one, and a "
                   "running pipeline takes the new one");
  command.add_flag("-q,--quiet", request->quiet, "No table and no progress");
  return [request] { return run(*request); };
}

}  // namespace

const Verb codes_build_verb{"build", "Compile releases of codes into one store", examples, setup};

}  // namespace hl7flow::cli
