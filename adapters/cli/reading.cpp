#include <hl7flow/adapters/cli/reading.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/adapters/cli/run_control.h>
#include <hl7flow/pipeline/catalogue.h>

namespace hl7flow::cli {
namespace {

class MessageNumbers final : public Stage {
 public:
  Order order() const noexcept override { return Order::arrival; }
  std::string_view name() const noexcept override { return "number"; }
  Status process(Batch& batch) override {
    if (batch.position.input != input_) {
      input_ = batch.position.input;
      count_ = 0;
    }
    batch.messages_before = count_;
    count_ += batch.message_count();
    return {};
  }

 private:
  std::uint32_t input_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace

void add_reading_options(CLI::App& command, ReadRequest& request, bool parallel) {
  command.add_option("--charset", request.charset,
                     "auto (default), declared (MSH-18), or one character set for all");
  command.add_option("--stray-lines", request.stray_lines,
                     "Lines that are no segment: join (default) to the one before, or reject");
  if (parallel)
    command.add_option("-j,--threads", request.threads, "Threads (default: all cores)")
        ->check(at_least(0));
}

Result<Pipeline, Failure> reading_pipeline(const ReadRequest& request) {
  std::vector<std::string> inputs = request.inputs;
  if (inputs.empty()) inputs.emplace_back("-");
  auto source = make_source(
      "files", Settings().set("path", inputs).set("batch_size", request.batch_size).node());
  if (!source) return tl::unexpected<Failure>(source.error());
  auto parse = make_stage(
      "parse",
      Settings().set("charset", request.charset).set("stray_lines", request.stray_lines).node());
  if (!parse) return tl::unexpected<Failure>(parse.error());
  Pipeline pipeline;
  pipeline.from(std::move(*source)).through(std::move(*parse));
  return pipeline;
}

std::unique_ptr<Stage> message_numbers() { return std::make_unique<MessageNumbers>(); }

Exit run_reading(Pipeline& pipeline, const ReadRequest& request, RunReport& report,
                 std::stop_source* enough) {
  std::signal(SIGPIPE, SIG_DFL);
  SignalStop const signals;
  std::stop_source none;
  std::stop_source& stop = enough != nullptr ? *enough : none;
  std::stop_callback const forward(signals.token(), [&stop] { stop.request_stop(); });
  RunOptions options;
  options.threads = request.threads;
  options.stop = stop.get_token();
  auto done = pipeline.run(options);
  bool const interrupted = signals.token().stop_requested();
  if (!done && done.error().code == ErrorCode::cancelled && !interrupted) return Exit::ok;
  if (!done)
    return done.error().code == ErrorCode::cancelled ? signals.exit() : complain(done.error());
  report = std::move(*done);
  return Exit::ok;
}

Exit check_is_hl7(const RunReport& report) {
  if (is_not_hl7(report.account))
    return complain({ErrorCode::not_hl7, "the input holds no HL7 message"});
  return Exit::ok;
}

Status print(std::string_view text) {
  if (text.empty()) return {};
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
    return {};
  return fail(ErrorCode::io, std::string("cannot write to stdout: ") + std::strerror(errno));
}

}  // namespace hl7flow::cli
