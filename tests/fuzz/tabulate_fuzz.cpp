#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <hl7flow/parsers/utf8.h>
#include <hl7flow/pipeline/pipeline.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/run_text.h"

// Any bytes through the pipeline: parse, join_continuations and tabulate with the default tables.
// The account closes, texts are UTF-8, rejects carry the bytes that were read, and neither the
// batch size nor what went through before shows in the rows.
namespace hl7flow {

namespace stages {
extern const Component parse, join_continuations, tabulate;
}

namespace {

using fuzz::require;
using test::Row;
using test::Rows;

Result<std::unique_ptr<Stage>, Failure> stage(const Component& component,
                                              const test::SettingList& values = {}) {
  return std::get<Component::Make<Stage>>(component.make)(test::settings(values));
}

/// A stage that outlives its pipeline: compiling the default tables takes longer than a run.
class Lent final : public Stage {
 public:
  explicit Lent(Stage& stage) : stage_(stage) {}
  std::string_view name() const noexcept override { return stage_.name(); }
  Status process(Batch& batch) override { return stage_.process(batch); }

 private:
  Stage& stage_;
};

struct Made {
  Rows rows;
  Account account;
};

Made run(const std::string& text, std::size_t batch_size, Stage& tabulate) {
  static auto const parse = stage(stages::parse);
  Made made;
  std::vector<std::string> messages;
  Pipeline pipeline;
  pipeline.from(std::make_unique<test::TextSource>(text, batch_size))
      .through(std::make_unique<Lent>(**parse))
      .through(stage(stages::join_continuations))
      .through(std::make_unique<Lent>(tabulate))
      .into(std::make_unique<test::MemorySink>(made.rows, messages));
  auto const done = pipeline.run_inline();
  require(done.has_value(), "no bytes fail a run");
  made.account = done->account;
  require(made.account.closes(), "the account closes");
  require(messages.size() == made.account.written, "what is accepted is written");
  return made;
}

std::string value(const Row& row, const char* column) {
  auto const found = row.find(column);
  return found == row.end() ? std::string() : found->second;
}

void check(const Made& made, std::string_view text) {
  auto const written = made.rows.find("messages");
  require((written == made.rows.end() ? 0 : written->second.size()) == made.account.written,
          "a row of messages for each message that was accepted");
  auto const rejects = made.rows.find("rejects");
  require((rejects == made.rows.end() ? 0 : rejects->second.size()) == made.account.rejected,
          "a row of rejects for each message that was rejected");
  for (auto const& [table, rows] : made.rows)
    for (Row const& row : rows)
      for (auto const& [column, found] : row)
        require(column == "raw" || is_utf8(found), "a text is UTF-8");
  if (rejects == made.rows.end()) return;
  for (Row const& row : rejects->second) {
    require(!value(row, "code").empty() && !value(row, "reason").empty(), "a reject says why");
    std::size_t const offset = std::stoull(value(row, "offset"));
    std::size_t const size = std::stoull(value(row, "size"));
    require(size > 0 && offset + size <= text.size(), "a reject has its place in the input");
    require(value(row, "raw") == text.substr(offset, size), "a reject carries its bytes");
    require(std::stoull(value(row, "position")) <= size, "the fault is in the message");
  }
}

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hl7flow;
  fuzz::Input input(data, size);
  static auto const decoding = stage(stages::tabulate);
  static auto const strict = stage(stages::tabulate, {{"escapes", "error"}});
  Stage& tabulate = input.choose(2) == 0 ? **decoding : **strict;
  std::size_t const batch_size = 1 + 4 * input.choose(256);
  std::string const text(input.rest());
  if (text.empty()) return 0;

  Made const whole = run(text, text.size(), tabulate);
  check(whole, text);
  Made const pieces = run(text, batch_size, tabulate);
  check(pieces, text);
  require(pieces.rows == whole.rows, "rows do not depend on the batch size");
  return 0;
}
