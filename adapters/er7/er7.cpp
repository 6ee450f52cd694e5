// er7: writes accepted messages as HL7 text again, and rejected ones beside them.
//
// Messages leave with the bytes they came with: nothing is parsed and written anew. What stands
// between messages (batch envelopes, MLLP frames, blank lines, comments) does not belong to them
// and is left out.

#include <algorithm>
#include <array>

#include <hl7flow/adapters/er7/message_folder.h>
#include <hl7flow/adapters/er7/reject_files.h>
#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/message_id.h>
#include <hl7flow/pipeline/part_file.h>

namespace hl7flow::adapters {

namespace {

/// Messages that one thread writes at a time, when each is a file.
constexpr std::size_t messages_a_piece = 16;

/// CR and LF are not bytes of their own in these.
bool is_wide(Charset charset) { return charset == Charset::utf_16 || charset == Charset::utf_32; }

/// Appends a message with each line end (CR, LF, CR LF) as `terminator`, and one at the end.
void append_lines(std::string_view raw, char terminator, std::string& out) {
  while (!raw.empty()) {
    std::size_t const end = std::min(raw.find_first_of("\r\n"), raw.size());
    out += raw.substr(0, end);
    out += terminator;
    raw.remove_prefix(end);
    raw.remove_prefix(raw.starts_with("\r\n") ? 2 : raw.empty() ? 0 : 1);
  }
}

class Er7 final : public Sink {
 public:
  struct Options {
    std::string path;
    std::string layout = "file";
    std::string terminator = "as-is";
    std::string rejects = "rejects";
    std::uint64_t first_part = 0;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::path>{"path", "Folder to write to."},
      OptionFor<&Options::layout>{
          "layout", "file: one file an epoch (default); message: one file a message."},
      OptionFor<&Options::terminator>{
          "terminator", "What ends a segment: as-is, the bytes as received (default), cr or lf."},
      OptionFor<&Options::rejects>{
          "rejects", "Folder in path for rejected messages; none to drop them. Default rejects."},
      OptionFor<&Options::first_part>{"first_part", "Number of the first file. Default 0."},
  };

  static Result<std::unique_ptr<Sink>, Failure> make(Options chosen) {
    if (chosen.path.empty()) return fail(ErrorCode::bad_option, "er7 needs a path");
    if (chosen.layout != "file" && chosen.layout != "message")
      return fail(ErrorCode::bad_option, "layout must be file or message, not " + chosen.layout);
    if (chosen.terminator != "as-is" && chosen.terminator != "cr" && chosen.terminator != "lf")
      return fail(ErrorCode::bad_option,
                  "terminator must be as-is, cr or lf, not " + chosen.terminator);
    if (chosen.rejects.empty())
      return fail(ErrorCode::bad_option, "rejects must be the name of a folder, or none");
    return std::unique_ptr<Sink>(std::make_unique<Er7>(std::move(chosen)));
  }

  explicit Er7(Options chosen)
      : options_(std::move(chosen)),
        part_(options_.first_part),
        rejects_(options_.path + '/' + options_.rejects, writer_) {}

  std::string_view name() const noexcept override { return "er7"; }

  Status write(const Batch& batch, Executor& executor) override {
    auto const written =
        options_.layout == "file" ? write_to_file(batch) : write_to_folder(batch, executor);
    if (!written || options_.rejects == "none") return written;
    return rejects_.write(batch);
  }

  Result<std::vector<OutputFile>, Failure> commit(Executor&) override {
    std::vector<OutputFile> files;
    std::uint64_t const part = part_++;
    if (file_) {
      std::string const name = part_name(part, "hl7");
      files.push_back({name, "messages", messages_, file_->size()});
      if (auto done = file_->finish(name); !done) return tl::unexpected<Failure>(done.error());
    }
    if (folder_) {
      files.push_back({part_name(part, {}), "messages", messages_, folder_->size()});
      if (auto done = folder_->finish(); !done) return tl::unexpected<Failure>(done.error());
    }
    file_.reset();
    folder_.reset();
    messages_ = 0;
    if (auto done = rejects_.commit(part, options_.rejects + '/', files); !done)
      return tl::unexpected<Failure>(done.error());
    return files;
  }

  void abort() noexcept override {
    file_.reset();
    folder_.reset();
    rejects_.abort();
  }

 private:
  /// The bytes of a message as they are to be written: as received, or made anew in `scratch`.
  std::string_view bytes_of(const Batch& batch, std::size_t ordinal, std::string& scratch) const {
    MessageView const message = batch.message(ordinal);
    std::string_view const bytes = batch.written_form(ordinal);
    if (options_.terminator == "as-is" || is_wide(message.entry().charset)) return bytes;
    scratch.clear();
    append_lines(bytes, options_.terminator == "cr" ? '\r' : '\n', scratch);
    return scratch;
  }

  Status write_to_file(const Batch& batch) {
    std::string scratch;
    for (std::size_t k = 0; k < batch.message_count(); ++k) {
      if (!batch.is_accepted(k)) continue;
      if (!file_) {
        auto file = PartFile::create(options_.path, "open.hl7", writer_);
        if (!file) return tl::unexpected<Failure>(file.error());
        file_ = std::move(*file);
      }
      std::string_view const bytes = bytes_of(batch, k, scratch);
      file_->write(bytes);
      // The last message of an input may lack its line end; the next one must begin a line.
      bool const ended = bytes.ends_with('\r') || bytes.ends_with('\n');
      if (!ended && !is_wide(batch.index.messages[k].charset)) file_->write("\r");
      ++messages_;
    }
    return {};
  }

  Status write_to_folder(const Batch& batch, Executor& executor) {
    std::vector<std::size_t> accepted;
    for (std::size_t k = 0; k < batch.message_count(); ++k)
      if (batch.is_accepted(k)) accepted.push_back(k);
    if (accepted.empty()) return {};
    if (!folder_) {
      auto folder = MessageFolder::create(options_.path, part_name(part_, {}));
      if (!folder) return tl::unexpected<Failure>(folder.error());
      folder_ = std::move(*folder);
    }
    std::size_t const pieces = (accepted.size() + messages_a_piece - 1) / messages_a_piece;
    executor.parallel_for(pieces, [&](std::size_t piece) {
      std::string scratch;
      std::size_t const begin = piece * messages_a_piece;
      std::size_t const end = std::min(accepted.size(), begin + messages_a_piece);
      for (std::size_t k = begin; k < end; ++k)
        folder_->add(file_name(messages_ + k, batch.message(accepted[k]).raw()),
                     bytes_of(batch, accepted[k], scratch));
    });
    messages_ += accepted.size();
    return {};
  }

  /// "000000042-MESSAGEID.hl7": sorts in the order of reading, and no two are the same.
  static std::string file_name(std::uint64_t ordinal, std::string_view raw) {
    std::string name = std::to_string(ordinal);
    name.insert(0, name.size() < 9 ? 9 - name.size() : 0, '0');
    MessageId const id = message_id(raw);
    return name + '-' + std::string(id.data(), id.size()) + ".hl7";
  }

  Options const options_;
  std::uint64_t part_;
  std::uint64_t messages_ = 0;  // in this epoch
  WriterThread writer_;
  std::unique_ptr<PartFile> file_;
  std::unique_ptr<MessageFolder> folder_;
  RejectFiles rejects_;
};

}  // namespace

extern constinit const Component er7 = component<Er7>(
    "er7", "Writes accepted messages as HL7 text, byte for byte, and rejected ones beside them.");

}  // namespace hl7flow::adapters
