// files: reads HL7 from files, one after the other, in batches of whole messages.

#include <hl7flow/adapters/file/byte_reader.h>
#include <hl7flow/adapters/file/framer.h>
#include <hl7flow/pipeline/component.h>

namespace hl7flow::adapters {

namespace {

class Files final : public Source {
 public:
  struct Options {
    std::vector<std::string> path;
    std::uint64_t batch_size = 256u << 10;
    std::uint64_t message_size_max = 128u << 20;
    std::uint64_t epoch_size = 1u << 30;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::path>{"path", "Files to read, in this order; - is standard input."},
      OptionFor<&Options::batch_size>{"batch_size", "Bytes of a batch, about. Default 256KiB."},
      OptionFor<&Options::message_size_max>{"message_size_max", "Largest message. Default 128MiB."},
      OptionFor<&Options::epoch_size>{
          "epoch_size", "Bytes of input between two commits of the output. Default 1GiB."},
  };

  explicit Files(Options options)
      : options_(std::move(options)),
        framer_({options_.batch_size, options_.message_size_max, options_.epoch_size}) {}

  Result<bool, Failure> read(Batch& batch) override {
    for (;;) {
      if (!reader_) {
        if (next_ == options_.path.size()) return false;
        if (auto done = open_next(); !done) return tl::unexpected<Failure>(done.error());
      }
      batch.input_name = options_.path[next_ - 1];
      auto const more = framer_.fill(*reader_, batch);
      if (!more || *more) return more;
      reader_.reset();
    }
  }

 private:
  Status open_next() {
    std::string const& path = options_.path[next_];
    if (path == "-") {
      reader_ = open_standard_input();
    } else {
      auto opened = open_file(path);
      if (!opened) return tl::unexpected<Failure>(opened.error());
      reader_ = std::move(*opened);
    }
    framer_.begin(static_cast<std::uint32_t>(next_++));
    return {};
  }

  Options const options_;
  Framer framer_;
  std::unique_ptr<ByteReader> reader_;
  std::size_t next_ = 0;
};

}  // namespace

extern constinit const Component files =
    component<Files>("files", "Reads HL7 messages from files and standard input.");

}  // namespace hl7flow::adapters
