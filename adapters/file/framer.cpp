#include <hl7flow/adapters/file/framer.h>

#include <algorithm>

namespace hl7flow::adapters {
namespace {

constexpr std::size_t none = std::string_view::npos;

}  // namespace

void Framer::begin(std::uint32_t input, std::uint64_t offset) {
  input_ = input;
  offset_ = offset;
  at_end_ = oversize_ = false;
  carry_.clear();
}

void Framer::set_total(std::uint64_t total) {
  total_ = total;
  epoch_end_ = (total / options_.epoch_size + 1) * options_.epoch_size;
}

Status Framer::read_more(ByteReader& reader, Batch& batch, std::size_t wanted) {
  while (!at_end_ && batch.text.size() < wanted) {
    std::size_t const have = batch.text.size();
    batch.text.resize(wanted);
    auto const count = reader.read(batch.text.data() + have, wanted - have);
    batch.text.resize(have + (count ? *count : 0));
    if (!count) return tl::unexpected<Failure>(count.error());
    at_end_ = *count == 0;
  }
  return {};
}

Result<bool, Failure> Framer::fill(ByteReader& reader, Batch& batch) {
  batch.text.append({carry_.data(), carry_.size()});
  carry_.clear();
  std::size_t searched = 0;  // no boundary begins at or before this
  std::size_t wanted = std::max(options_.batch_size, batch.text.size());
  for (;;) {
    if (auto done = read_more(reader, batch, wanted); !done)
      return tl::unexpected<Failure>(done.error());
    std::string_view const text = batch.text.view();
    if (at_end_ && text.empty()) return false;
    if (oversize_) {
      // Skip to where the next message begins; the bytes before it still belong to the large one.
      std::size_t const next = next_message_boundary(text, std::min<std::size_t>(1, text.size()));
      bool const found = next != none;
      if (!found && !at_end_ && text.size() < options_.batch_size) {
        wanted = options_.batch_size;
        continue;
      }
      // A boundary may straddle the end: keep enough of it for the next turn.
      std::size_t const tail = at_end_ ? 0 : std::min<std::size_t>(text.size() - 1, 8);
      batch.continues_message = true;
      finish(batch, found ? next : text.size() - tail);
      oversize_ = !found && !at_end_;
      return true;
    }
    std::size_t const cut = at_end_ ? text.size() : last_message_boundary(text, searched);
    if (cut != none) {
      finish(batch, cut);
      return true;
    }
    if (text.size() > options_.message_size_max + options_.batch_size) {
      oversize_ = true;
      finish(batch, text.size());
      return true;
    }
    searched = text.size() < 8 ? 0 : text.size() - 8;
    wanted = std::min(text.size() * 2, options_.message_size_max + 2 * options_.batch_size);
  }
}

/// Gives the batch its first `cut` bytes, or fewer if an epoch ends before, and keeps the rest.
void Framer::finish(Batch& batch, std::size_t cut) {
  std::string_view const text = batch.text.view();
  if (total_ + cut >= epoch_end_ && !batch.continues_message) {
    // The first boundary at or behind the mark, which may be a VT as well as what follows a
    // newline.
    std::size_t const mark = epoch_end_ > total_ ? epoch_end_ - total_ : 1;
    std::size_t const from = text.find_first_of("\r\n\v", text[mark - 1] == '\v' ? mark : mark - 1);
    std::size_t const place = from == none ? none : next_message_boundary(text, from);
    if (place != none && place <= cut) cut = place;
    batch.ends_epoch = true;
    epoch_end_ = ((total_ + cut) / options_.epoch_size + 1) * options_.epoch_size;
  }
  carry_.append(text.data() + cut, text.size() - cut);
  batch.text.resize(cut);
  batch.raw_size = cut;
  batch.position = {input_, offset_};
  offset_ += cut;
  total_ += cut;
}

}  // namespace hl7flow::adapters
