#include <hl7flow/adapters/er7/reject_files.h>

#include <algorithm>

namespace hl7flow::adapters {
namespace {

struct Reject {
  std::uint32_t begin, end;
  ErrorCode code;
  std::string input_name;
  std::uint64_t offset;  // in its input
};

/// In the order of the bytes. A message that is larger than allowed comes in pieces, of which only
/// the first is a message of its batch.
std::vector<Reject> rejects_of(const Batch& batch) {
  std::vector<Reject> rejects;
  for (ExtraRange const& extra : batch.index.extras)
    if (extra.kind == ExtraRange::Kind::oversize)
      rejects.push_back({extra.begin, extra.end, ErrorCode::message_too_large, batch.input_name,
                         batch.position.offset + extra.begin});
  for (std::size_t k = 0; k < batch.message_count(); ++k) {
    MessageEntry const& entry = batch.index.messages[k];
    if (batch.fates[k] != Fate::rejected) continue;
    Placement const place = batch.place_of(k);
    rejects.push_back(
        {entry.raw_begin, entry.raw_end, entry.error.code, place.input_name, place.offset});
  }
  std::sort(rejects.begin(), rejects.end(),
            [](const Reject& a, const Reject& b) { return a.begin < b.begin; });
  return rejects;
}

/// A file name may hold anything: what would break the line becomes a blank.
std::string one_cell(std::string_view text) {
  std::string cell(text);
  for (char& c : cell)
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  return cell;
}

}  // namespace

Status RejectFiles::open() {
  auto bytes = PartFile::create(folder_, "open.hl7", writer_);
  if (!bytes) return tl::unexpected<Failure>(bytes.error());
  auto list = PartFile::create(folder_, "open.tsv", writer_);
  if (!list) return tl::unexpected<Failure>(list.error());
  bytes_ = std::move(*bytes);
  list_ = std::move(*list);
  list_->write("input\toffset\tsize\tcode\treason\n");
  return {};
}

Status RejectFiles::write(const Batch& batch) {
  for (Reject const& reject : rejects_of(batch)) {
    if (!bytes_)
      if (auto done = open(); !done) return done;
    std::uint32_t const size = reject.end - reject.begin;
    bytes_->write(batch.text.view().substr(reject.begin, size));
    std::string line = one_cell(reject.input_name);
    line += '\t' + std::to_string(reject.offset) + '\t';
    line += std::to_string(size) + '\t';
    line += name(reject.code);
    line += '\t';
    line += describe(reject.code);
    list_->write(line + '\n');
    ++count_;
  }
  return {};
}

Status RejectFiles::commit(std::uint64_t part, const std::string& prefix,
                           std::vector<OutputFile>& files) {
  if (!bytes_) return {};
  for (auto* const file : {&bytes_, &list_}) {
    std::string const name = part_name(part, file == &bytes_ ? "hl7" : "tsv");
    std::uint64_t const size = (*file)->size();
    if (auto done = (*file)->finish(name); !done) return done;
    file->reset();
    files.push_back({prefix + name, "rejects", count_, size});
  }
  count_ = 0;
  return {};
}

void RejectFiles::abort() noexcept {
  bytes_.reset();
  list_.reset();
}

}  // namespace hl7flow::adapters
