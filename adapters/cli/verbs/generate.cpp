// hl7flow generate: a synthetic hospital day.

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>
#include <hl7flow/adapters/synthetic/generator.h>
#include <hl7flow/pipeline/part_file.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow generate --messages 1000000 --seed 7 --out day.hl7", "a day of a large hospital"},
    {"hl7flow generate --messages 100000 --mllp | hl7flow convert - --out warehouse",
     "an MLLP capture, straight into tables"},
    {"hl7flow generate --messages 10000 --defects 0.01 --out odd.hl7",
     "one message in a hundred broken"},
};

struct Request {
  synthetic::Generator::Options options;
  std::string out = "-";
  bool overwrite = false;
  bool quiet = false;
};

constexpr std::size_t write_size = 1u << 20;

/// Where the bytes go: standard output, or a file that appears whole.
class Output {
 public:
  static Result<std::unique_ptr<Output>, Failure> open(const std::string& path, bool overwrite) {
    auto output = std::make_unique<Output>();
    if (path == "-") {
      if (::isatty(STDOUT_FILENO) == 1)
        return fail(ErrorCode::usage, "will not write messages to a terminal: use --out FILE");
      return output;
    }
    std::error_code ignored;
    if (!overwrite && std::filesystem::is_regular_file(path, ignored))
      return fail(ErrorCode::exists, "the file exists: " + path + " (--overwrite replaces it)");
    std::size_t const slash = path.rfind('/');
    std::string const folder = slash == std::string::npos ? "." : path.substr(0, slash);
    output->name_ = slash == std::string::npos ? path : path.substr(slash + 1);
    output->writer_ = std::make_unique<WriterThread>();
    auto file = PartFile::create(folder, output->name_, *output->writer_);
    if (!file) return tl::unexpected<Failure>(file.error());
    output->file_ = std::move(*file);
    return output;
  }

  Status write(std::string_view bytes) {
    if (file_) {
      file_->write(bytes);
      return {};
    }
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size())
      return fail(ErrorCode::io, "cannot write to standard output");
    return {};
  }
  Status finish() {
    if (file_) return file_->finish(name_);
    if (std::fflush(stdout) != 0) return fail(ErrorCode::io, "cannot write to standard output");
    return {};
  }

 private:
  std::string name_;
  std::unique_ptr<WriterThread> writer_;
  std::unique_ptr<PartFile> file_;
};

Exit generate(const Request& request) {
  auto output = Output::open(request.out, request.overwrite);
  if (!output) return complain(output.error());
  auto const began = std::chrono::steady_clock::now();
  synthetic::Generator generator(request.options);
  Buffer<char> bytes;
  std::uint64_t total = 0;
  for (bool more = true; more;) {
    bytes.clear();
    while (more && bytes.size() < write_size) more = generator.next(bytes);
    total += bytes.size();
    if (auto done = (*output)->write({bytes.data(), bytes.size()}); !done)
      return complain(done.error());
  }
  if (auto done = (*output)->finish(); !done) return complain(done.error());
  std::chrono::duration<double> const passed = std::chrono::steady_clock::now() - began;
  auto const count = static_cast<double>(request.options.messages);
  if (!request.quiet)
    std::cerr << grouped(request.options.messages) << " messages, "
              << bytes_text(static_cast<double>(total)) << " in " << seconds_text(passed.count())
              << " (" << grouped(static_cast<std::uint64_t>(count / passed.count()))
              << " messages/s)\n";
  return Exit::ok;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("-n,--messages", request->options.messages, "How many (default 1000)")
      ->check(at_least(0));
  command.add_option("--seed", request->options.seed, "The same seed gives the same bytes")
      ->check(at_least(0));
  command.add_option("--patients", request->options.patients, "How many people (default 20000)")
      ->check(at_least(1));
  command.add_option("-o,--out", request->out, "File to write; - is standard output (default)");
  command.add_flag("--overwrite", request->overwrite, "Replace the file if it exists");
  command.add_flag("--mllp", request->options.mllp, "Put MLLP's VT and FS CR around each message");
  command
      .add_option("--defects", request->options.defects, "Fraction of messages to break (0 to 1)")
      ->check(CLI::Range(0.0, 1.0));
  command.add_flag("-q,--quiet", request->quiet, "Say nothing on stderr");
  return [request] { return generate(*request); };
}

}  // namespace

const Verb generate_verb{"generate", "Write a synthetic hospital day of messages", examples, setup};

}  // namespace hl7flow::cli
