// 24 values of each message into columns: by the stages that a pipeline runs, and by hand.
#include <benchmark/benchmark.h>

#include <bench/corpus.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hl7flow/parsers/er7.h>
#include <hl7flow/pipeline/component.h>

namespace hl7flow::bench {
namespace {

constexpr std::array paths{"MSH-3.1",  "MSH-4.1", "MSH-5.1",  "MSH-6.1",  "MSH-7.1", "MSH-9.1",
                           "MSH-9.2",  "MSH-10",  "MSH-12.1", "PID-3.1",  "PID-5.1", "PID-5.2",
                           "PID-7.1",  "PID-8.1", "PID-11.1", "PID-11.3", "PV1-2.1", "PV1-3.1",
                           "PV1-19.1", "OBX-2",   "OBX-3.1",  "OBX-5.1",  "OBX-6.1", "OBX-11.1"};

/// Checked against each other: how many values there are, and their bytes.
struct Sum {
  std::uint64_t messages = 0, values = 0, bytes = 0;
  bool operator==(const Sum&) const = default;
  void add(std::size_t size) {
    values += size > 0 ? 1 : 0;
    bytes += size;
  }
};

std::unique_ptr<Stage> make_stage(std::string_view name, const ConfigNode& settings) {
  for (const Component* component : stages::components()) {
    if (component->name != name) continue;
    auto made = std::get<Component::Make<Stage>>(component->make)(settings);
    if (made) return std::move(*made);
  }
  return nullptr;
}

std::unique_ptr<Stage> make_tabulate() {
  std::string model =
      "defaults = false\n[[tables]]\nname = \"values\"\nper = \"message\"\ncolumns = [";
  for (const char* path : paths)
    model += std::string("{ name = \"") + path + "\", path = \"" + path + "\" },";
  auto const settings = parse_toml(model + "]\n", "extract24");
  return settings ? make_stage("tabulate", *settings) : nullptr;
}

/// The stages of a pipeline, on one batch whose text is swapped in: its other memory is reused.
class Stages {
 public:
  Stages() : parse_(make_stage("parse", {})), tabulate_(make_tabulate()) {}
  bool ready() const { return parse_ && tabulate_; }

  const Batch* run(TextBuffer& text) {
    batch_.clear();
    std::swap(batch_.text, text);
    batch_.raw_size = batch_.text.size();
    benchmark::DoNotOptimize(last_message_boundary(batch_.text.view(), 0));
    bool const done = parse_->process(batch_) && tabulate_->process(batch_);
    std::swap(batch_.text, text);
    return done ? &batch_ : nullptr;
  }

  Sum sum(Corpus& corpus) {
    Sum sum;
    for (TextBuffer& block : corpus.blocks) {
      const Batch* const batch = run(block);
      if (batch == nullptr) return {};
      TableRows const& rows = batch->tables[0];
      sum.messages += rows.rows;
      for (Column const& column : rows.columns)
        for (std::size_t row = 0; row < rows.rows; ++row)
          sum.add(column.valid[row] != 0 ? column.texts[row].length : 0);
    }
    return sum;
  }

 private:
  Batch batch_;
  std::unique_ptr<Stage> parse_, tabulate_;
};

/// What a user of the library writes: a path a value, views in columns.
class Views {
 public:
  Views() {
    for (const char* path : paths) paths_.push_back(*Path::parse(path));
    columns_.resize(paths.size());
  }

  void run(TextBuffer& text) {
    benchmark::DoNotOptimize(last_message_boundary(text.view(), 0));
    index_er7(text, {}, index_);
    for (auto& column : columns_) column.resize(index_.messages.size());
    for (std::size_t k = 0; k < index_.messages.size(); ++k) {
      MessageView const message(text.data(), index_, k);
      std::optional<SegmentView> segment;
      for (std::size_t column = 0; column < paths_.size(); ++column) {
        Path const& path = paths_[column];
        if (column == 0 || path.segment != paths_[column - 1].segment)
          segment = message.find(path.segment);
        columns_[column][k] = segment ? resolve(*segment, path).raw() : std::string_view{};
      }
    }
  }

  Sum sum(Corpus& corpus) {
    Sum sum;
    for (TextBuffer& block : corpus.blocks) {
      run(block);
      sum.messages += index_.messages.size();
      for (auto const& column : columns_)
        for (std::string_view const value : column) sum.add(value.size());
    }
    return sum;
  }

 private:
  Er7Index index_;
  std::vector<Path> paths_;
  std::vector<std::vector<std::string_view>> columns_;
};

bool agree(Corpus& corpus) {
  Stages stages;
  if (!stages.ready()) return false;
  Sum const by_stages = stages.sum(corpus);
  return by_stages.messages == corpus.records && by_stages.bytes > 0 &&
         by_stages == Views().sum(corpus);
}

template <class Way>
void extract(benchmark::State& state) {
  Corpus& corpus = hl7_corpus();
  static bool const right = agree(corpus);
  if (!right) return state.SkipWithError("stages and views find different values");
  Way way;
  for (auto _ : state)
    for (TextBuffer& block : corpus.blocks) way.run(block);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(corpus.bytes));
}

void extract24(benchmark::State& state) { extract<Stages>(state); }
void extract24_views(benchmark::State& state) { extract<Views>(state); }
BENCHMARK(extract24);
BENCHMARK(extract24_views);

}  // namespace
}  // namespace hl7flow::bench
