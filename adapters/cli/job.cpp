// What `hl7flow convert` and `hl7flow run` do, from top to bottom: check the description, look at
// the output folder, build the pipeline, run it with a manifest, and print the account.

#include <hl7flow/adapters/cli/job.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <hl7flow/adapters/cli/assembly.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/pipeline/catalogue.h>
#include <hl7flow/pipeline/manifest.h>
#include <hl7flow/pipeline/numbered_state.h>

namespace hl7flow::cli {
namespace {

namespace fs = std::filesystem;

/// Where the states of an output that is to be replaced go back to: it decided their last entries,
/// which go with it. Refuses if another run came after: its entries would go too, or else those
/// stay, and what only this output holds would be dropped as seen before.
Result<std::vector<std::string>, Failure> rewound_states(const Assembly& job,
                                                         const Manifest& earlier,
                                                         bool has_same_settings) {
  std::vector<std::string> rewound;
  if (earlier.states.empty() || earlier.states.size() != earlier.states_before.size())
    return rewound;
  auto const built = job.build(nullptr);
  if (!built) return tl::unexpected<Failure>(built.error());
  auto const saved = built->pipeline.saved_marks();
  if (!saved) return tl::unexpected<Failure>(saved.error());
  if (saved->size() != earlier.states.size()) return rewound;
  for (std::size_t k = 0; k < saved->size(); ++k) {
    bool const is_others = has_moved_on((*saved)[k], earlier.states[k]);
    if (is_others && has_same_settings)
      return fail(ErrorCode::usage,
                  "cannot replace " + job.folder() +
                      ": another run has used its state since, so that what only this folder holds "
                      "would be dropped as seen before; begin a new state, and convert both again");
    bool const begins = is_others || (*saved)[k].empty();
    rewound.push_back(begins ? std::string() : StateMark::read(earlier.states_before[k]).place);
  }
  return rewound;
}

/// The manifest to go on from: an empty one for a new run. Refuses to write over what is there.
Result<Manifest, Failure> prepare(const Assembly& job, std::vector<InputFile> inputs,
                                  const JobOptions& options) {
  std::string const& out = job.folder();
  Manifest fresh;
  fresh.settings = job.settings_text();
  fresh.inputs = std::move(inputs);
  std::error_code error;
  if (fs::exists(out, error) && !fs::is_directory(out, error))
    return fail(ErrorCode::cannot_create, "the output is a file, not a folder: " + out);
  auto earlier = Manifest::read(out);
  if (!earlier && earlier.error().code != ErrorCode::not_found && !options.overwrite)
    return tl::unexpected<Failure>(earlier.error());
  if (options.resume && earlier) {
    if (earlier->inputs != fresh.inputs)
      return fail(ErrorCode::usage,
                  "cannot resume " + out + ": its inputs were others, or have changed");
    if (earlier->settings != fresh.settings)
      return fail(ErrorCode::usage, "cannot resume " + out + ": it was begun with other settings");
    if (auto done = remove_orphans(out, *earlier); !done)
      return tl::unexpected<Failure>(done.error());
    return *earlier;
  }
  if (has_content(out) && !options.overwrite)
    return fail(ErrorCode::exists,
                options.resume ? "cannot resume " + out + ": it is not empty and has no manifest"
                               : "the output folder is not empty: " + out +
                                     " (--overwrite replaces it, --resume goes on)");
  if (options.overwrite) {
    if (earlier) {
      auto rewound = rewound_states(job, *earlier, earlier->settings == fresh.settings);
      if (!rewound) return tl::unexpected<Failure>(rewound.error());
      fresh.states_rewound = std::move(*rewound);
    }
    fs::remove_all(out + "/_state", error);
    Manifest::remove(out);
    if (fs::exists(out, error))
      if (auto done = remove_orphans(out, fresh); !done)
        return tl::unexpected<Failure>(done.error());
  }
  fs::create_directories(out, error);
  if (error) return fail(ErrorCode::cannot_create, "cannot create " + out + ": " + error.message());
  // The inputs and settings stand from the start, so that a killed run can be resumed.
  if (auto done = fresh.write(out); !done) {
    Failure failure = done.error();
    failure.code = ErrorCode::cannot_create;
    return tl::unexpected<Failure>(failure);
  }
  return fresh;
}

/// Opens the states of stages, where the run goes on or begins.
Status open_states(Pipeline& pipeline, Manifest& manifest, const std::string& folder) {
  bool const goes_on = !manifest.states.empty();
  auto opened = pipeline.open_states(goes_on ? manifest.states : manifest.states_rewound);
  if (!opened) return tl::unexpected<Failure>(opened.error());
  if (opened->empty() || goes_on) return {};
  manifest.states_before = manifest.states = *opened;
  return manifest.write(folder);
}

Exit report(const Assembly& job, const JobOptions& options, const RunReport& done) {
  Account const& account = done.account;
  if (!options.quiet && options.summary != "none") {
    std::cerr << account_text(done, options.metrics);
    if (!job.folder().empty() && !is_not_hl7(account))
      std::cerr << "written to " << job.folder() << "\n";
  }
  if (options.summary == "json") std::cout << account_json(done) << std::endl;
  if (!account.closes()) {
    std::cerr << "hl7flow: the account does not close: this is a fault of hl7flow\n";
    return Exit::internal;
  }
  if (is_not_hl7(account)) return complain({ErrorCode::not_hl7, "the input holds no HL7 message"});
  return options.strict && account.rejected > 0 ? Exit::no : Exit::ok;
}

/// Runs a pipeline that is built, with progress and signals.
Result<RunReport, Failure> run_built(Built& built, const JobOptions& options,
                                     const SignalStop& signals) {
  Progress progress;
  built.pipeline.report_progress(progress);
  if (!options.quiet)
    built.pipeline.on_notice(
        [](const std::string& notice) { std::cerr << "hl7flow: " + notice + "\n"; });
  RunOptions run;
  run.threads = options.threads;
  run.stop = signals.token();
  auto const when = options.quiet || options.progress == "never" ? ProgressLine::When::never
                    : options.progress == "always"               ? ProgressLine::When::always
                                                                 : ProgressLine::When::automatic;
  ProgressLine const line(progress, built.bytes_total, when);
  return built.pipeline.run(run);
}

Status check_resumable(const Assembly& job, const std::vector<InputFile>& inputs,
                       const JobOptions& options) {
  if (!options.resume) return {};
  if (job.folder().empty())
    return fail(ErrorCode::usage, "nothing to resume: the pipeline writes to no folder");
  if (!job.source_can_resume())
    return fail(ErrorCode::usage, "the source cannot be resumed: it cannot be read again");
  if (std::any_of(inputs.begin(), inputs.end(),
                  [](auto const& input) { return input.path == "-"; }))
    return fail(ErrorCode::usage, "standard input cannot be resumed: it cannot be read again");
  return {};
}

/// A commit that did not come to its end may have left files that no manifest names. What the disk
/// says decides, and a failure to tidy is none: the next --resume tidies too.
void tidy(const std::string& folder) {
  if (auto const manifest = Manifest::read(folder)) (void)remove_orphans(folder, *manifest);
}

Exit stopped(const SignalStop& signals) {
  std::cerr << "hl7flow: stopped; what is committed stays, --resume goes on\n";
  return signals.exit();
}

/// A run that was refused before it began is nothing to resume: the folder takes another one.
Exit refuse(const Failure& why, const Manifest& manifest, const std::string& folder) {
  bool const is_first =
      manifest.commits == 0 && manifest.states.empty() && manifest.states_rewound.empty();
  if (is_first) Manifest::remove(folder);
  return complain(why);
}

Exit run_with_manifest(const Assembly& job, std::vector<InputFile> inputs,
                       const JobOptions& options) {
  auto manifest = prepare(job, std::move(inputs), options);
  if (!manifest) return complain(manifest.error());
  if (manifest->complete) {
    // It may have been killed just before this.
    if (auto built = job.build(nullptr)) built->pipeline.complete();
    std::cerr << "hl7flow: " << job.folder() << " is complete already\n";
    return report(job, options, {manifest->account, manifest->account, {}});
  }
  auto built = job.build(&*manifest);
  if (!built) return refuse(built.error(), *manifest, job.folder());
  if (auto opened = open_states(built->pipeline, *manifest, job.folder()); !opened)
    return refuse(opened.error(), *manifest, job.folder());
  built->pipeline.resume_account(manifest->account).on_commit([&](const Commit& commit) {
    manifest->files.insert(manifest->files.end(), commit.files.begin(), commit.files.end());
    ++manifest->commits;
    manifest->end = commit.end;
    manifest->account = commit.account;
    manifest->states = commit.states;
    return manifest->write(job.folder());
  });
  SignalStop const signals;
  auto const done = run_built(*built, options, signals);
  if (!done) {
    tidy(job.folder());
    return done.error().code == ErrorCode::cancelled ? stopped(signals) : complain(done.error());
  }
  if (is_not_hl7(done->account) && manifest->files.empty()) {
    // A mistake in the command should not stand in the way of the next.
    Manifest::remove(job.folder());
    std::error_code error;
    fs::remove(job.folder(), error);
    return report(job, options, *done);
  }
  manifest->complete = true;
  if (auto written = manifest->write(job.folder()); !written) return complain(written.error());
  built->pipeline.complete();
  return report(job, options, *done);
}

}  // namespace

void add_job_options(CLI::App& command, JobOptions& options) {
  command.add_option("-j,--threads", options.threads, "Threads (default: all cores)")
      ->check(at_least(0));
  command.add_flag("--overwrite", options.overwrite, "Replace what the folder holds");
  command.add_flag("--resume", options.resume, "Go on from the last commit of a killed run");
  command.add_flag("--strict", options.strict, "Exit with 1 if a message was rejected");
  command.add_flag("--metrics", options.metrics, "Show the time each stage took");
  command.add_flag("-q,--quiet", options.quiet, "No account and no progress on stderr");
  command
      .add_option("--summary", options.summary,
                  "text (default), json (also as the last line of stdout) or none")
      ->check(CLI::IsMember({"text", "json", "none"}));
  command.add_option("--progress", options.progress, "auto (default), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

Status check_job(const ConfigNode& description) {
  auto job = Assembly::read(description);
  if (!job) return tl::unexpected<Failure>(job.error());
  auto built = job->build(nullptr);
  return built ? Status{} : tl::unexpected<Failure>(built.error());
}

Exit run_job(const ConfigNode& description, const JobOptions& options) {
  auto const job = Assembly::read(description);
  if (!job) return complain(job.error());
  // What can be wrong with the request is found before the output is touched.
  auto built = job->build(nullptr);
  if (!built) return complain(built.error());
  if (auto ok = check_resumable(*job, built->inputs, options); !ok) return complain(ok.error());
  if (!job->folder().empty()) {
    auto inputs = std::move(built->inputs);
    *built = {};
    return run_with_manifest(*job, std::move(inputs), options);
  }
  SignalStop const signals;
  auto const done = run_built(*built, options, signals);
  if (!done && done.error().code == ErrorCode::cancelled) return signals.exit();
  if (!done) return complain(done.error());
  return report(*job, options, *done);
}

}  // namespace hl7flow::cli
