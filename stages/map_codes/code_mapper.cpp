#include <hl7flow/stages/map_codes/code_mapper.h>

#include <algorithm>
#include <cstring>

#include <hl7flow/parsers/escape.h>
#include <hl7flow/parsers/number.h>
#include <hl7flow/stages/map_codes/triplets.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow::stages {

namespace {

/// Outcomes of a value: the ways to an answer, then the reasons why there is none.
constexpr std::size_t how_count = static_cast<std::size_t>(codes::How::map) + 1;
constexpr std::size_t outcome_count =
    how_count + static_cast<std::size_t>(codes::Miss::unmatched) + 1;
constexpr std::uint32_t observation = simd::pack('O', 'B', 'X');
/// Senders that are counted by name in one batch; the rest are counted together.
constexpr std::size_t senders_max = 64;

std::size_t outcome_of(const codes::Answer& answer) {
  return answer.found() ? static_cast<std::size_t>(answer.how)
                        : how_count + static_cast<std::size_t>(answer.miss);
}

std::string_view outcome_name(std::size_t outcome) {
  return outcome < how_count ? codes::name(static_cast<codes::How>(outcome))
                             : codes::name(static_cast<codes::Miss>(outcome - how_count));
}

/// yyyymmdd of a time; 0 if it does not begin with one.
std::uint32_t day_of(std::string_view time) {
  if (time.size() < 8) return 0;
  std::uint32_t day = 0;
  for (std::size_t k = 0; k < 8; ++k) {
    if (time[k] < '0' || time[k] > '9') return 0;
    day = day * 10 + static_cast<std::uint32_t>(time[k] - '0');
  }
  return day;
}

}  // namespace

Mapping::Mapping(std::shared_ptr<const LoadedCodes> loaded, const std::vector<FieldRule>& fields,
                 codes::Several several, Triplet chosen)
    : codes(std::move(loaded)),
      resolver(codes->store(), several),
      rules(fields),
      table(fields),
      triplet(chosen) {
  for (FieldRule const& rule : rules) {
    auto& systems = wanted.emplace_back();
    for (std::string const& name : rule.wanted) {
      codes::SystemId const system = codes->store().find_system(name);
      if (system != codes::no_system) systems.push_back(system);
    }
  }
  if (!codes->store().units().empty()) {
    auto const definitions = ucum::read_definitions(codes->store().units());
    // What `codes build` put there was worked out before; a store of another origin has none.
    if (definitions)
      if (auto made = ucum::UnitTable::make(*definitions)) own_units = std::move(*made);
  }
  for (codes::ConceptRecord const& subject : codes->store().concepts())
    has_dates = has_dates || subject.valid_from != 0 || subject.valid_to != 0;
}

void CodeMapper::run(const std::shared_ptr<const Mapping>& mapping, Batch& batch) {
  if (mapping_ != mapping) {
    mapping_ = mapping;
    remembered_.assign(remembered_count, {});
    units_.clear();
  }
  batch_ = &batch;
  ++batches_;
  batch.coded.codes = mapping->codes;
  batch.coded.begin(batch.index.segment_count());
  senders_.clear();
  counts_.clear();
  for (std::size_t k = 0; k < batch.message_count(); ++k)
    if (batch.is_accepted(k)) map_message(k);
  write_counts();
}

void CodeMapper::map_message(std::size_t message) {
  MessageView const view = batch_->message(message);
  see_sender(view.segment(0));
  day_ = mapping_->has_dates ? day_of(view.segment(0).field(7).raw()) : 0;
  for (std::size_t position = 1; position < view.segment_count(); ++position) {
    SegmentView const segment = view.segment(position);
    if (segment.packed_id() == observation) measure(segment, view.entry());
    auto const* const rules = mapping_->table.find(segment.packed_id());
    if (rules == nullptr) continue;
    for (std::uint16_t const rule : *rules) map_field(rule, segment, view.entry());
  }
  if (!edits_.empty()) write_edits(message);
}

void CodeMapper::map_field(std::uint16_t ordinal, const SegmentView& segment,
                           const MessageEntry& entry) {
  FieldRule const& rule = mapping_->rules[ordinal];
  FieldView const field = segment.field(rule.field);
  if (!field.has_text() || field.is_delete()) return;
  if (rule.when &&
      rule.when->matches(resolve(segment, rule.when->path).raw()) == rule.when->negated)
    return;
  char const separator = field.delimiters().repetition;
  bool const repeats = separator != '\0' && field.raw().find(separator) != std::string_view::npos;
  std::size_t const repetitions = repeats ? field.repetition_count() : 1;
  for (std::size_t number = 1; number <= repetitions; ++number) {
    FieldView const value = repeats ? field.repetition(number) : field;
    if (!value.has_text()) continue;
    codes::Answer const answer = answer_of(ordinal, value, segment, entry);
    count(answer);
    if (mapping_->triplet != Triplet::keep && answer.found()) edit(value, answer);
    batch_->coded.add({segment.ordinal(), rule.field, static_cast<std::uint16_t>(number), answer});
  }
}

codes::Answer CodeMapper::answer_of(std::uint16_t ordinal, const FieldView& value,
                                    const SegmentView& segment, const MessageEntry& entry) {
  FieldRule const& rule = mapping_->rules[ordinal];
  std::string_view const raw = value.raw();
  if (rule.system_field != 0 || raw.size() > Remembered::size_max) {
    std::string_view const elsewhere = rule.system_field == 0
                                           ? std::string_view()
                                           : segment.field(rule.system_field).component(1).raw();
    return ask(ordinal, value, elsewhere, entry);
  }
  // Delimiters may differ between messages: what a text means depends on them.
  std::uint64_t const seed =
      std::uint64_t{ordinal} << 32 |
      static_cast<std::uint64_t>(static_cast<std::uint8_t>(value.delimiters().component)) << 8 |
      static_cast<std::uint8_t>(value.delimiters().escape);
  std::uint64_t const hash = XXH3_64bits_withSeed(raw.data(), raw.size(), seed);
  Remembered& place = remembered_[hash % remembered_count];
  if (place.size == raw.size() && place.hash == hash && place.rule == ordinal &&
      place.day == day_ && std::memcmp(place.text.data(), raw.data(), raw.size()) == 0)
    return place.answer;
  place.answer = ask(ordinal, value, {}, entry);
  place.hash = hash;
  place.day = day_;
  place.rule = ordinal;
  place.size = static_cast<std::uint8_t>(raw.size());
  std::memcpy(place.text.data(), raw.data(), raw.size());
  return place.answer;
}

codes::Answer CodeMapper::ask(std::uint16_t ordinal, const FieldView& value,
                              std::string_view system_elsewhere, const MessageEntry& entry) {
  auto const text = [&](std::size_t component) {
    std::string_view const raw = value.component(component).raw();
    auto const plain = unescape(raw, value.delimiters(), entry.charset, EscapePolicy::decode,
                                scratch_[component % scratch_.size()]);
    return plain ? *plain : raw;
  };
  // CWE: primary, alternate and second alternate coding (HL7 v2.9.1 2A.2.14).
  std::array<codes::Question, 3> codings{{{text(1), text(3), day_}, {text(4), text(6), day_}, {}}};
  if (codings[0].system.empty()) codings[0].system = system_elsewhere;
  std::string_view const third = text(10);
  if (!third.empty()) codings[2] = {third, text(12), day_};
  std::size_t const count = !third.empty() ? 3 : codings[1].code.empty() ? 1 : 2;
  auto const& wanted = mapping_->wanted[ordinal];
  // Systems that the store does not have are wanted by a rule, but nothing leads to them.
  if (wanted.empty() && !mapping_->rules[ordinal].wanted.empty()) {
    codes::Answer none;
    none.miss = codings[0].code.empty() ? codes::Miss::no_code : codes::Miss::unknown_system;
    return none;
  }
  return mapping_->resolver.resolve(std::span(codings).first(count), wanted);
}

void CodeMapper::measure(const SegmentView& segment, const MessageEntry& entry) {
  FieldView const unit = segment.field(6);
  if (!unit.has_text() || unit.is_delete()) return;
  unit_key_.assign(unit.raw());
  unit_key_ += unit.delimiters().component;
  unit_key_ += unit.delimiters().escape;
  auto known = units_.find(unit_key_);
  if (known == units_.end()) {
    if (units_.size() == units_max) units_.clear();
    KnownUnit made;
    auto const code = unescape(unit.component(1).raw(), unit.delimiters(), entry.charset,
                               EscapePolicy::decode, scratch_[0]);
    bool const is_ucum = mapping_->codes->store().find_system(unit.component(3).raw()) ==
                             mapping_->codes->store().find_system("UCUM") &&
                         unit.component(3).has_text();
    made.read = ucum::read_unit(mapping_->units(), code ? *code : unit.component(1).raw(), is_ucum);
    if (made.read.spelling != ucum::Spelling::none)
      made.canonical = mapping_->units().canonical(made.read.unit);
    known = units_.emplace(unit_key_, std::move(made)).first;
  }
  KnownUnit& found = known->second;
  if (found.batch != batches_) {
    found.batch = batches_;
    found.ordinal = static_cast<std::uint32_t>(batch_->coded.units.size());
    batch_->coded.units.push_back(
        {std::string(ucum::name(found.read.spelling)), found.read.code, found.canonical});
  }
  MeasuredValue value{segment.ordinal(), found.ordinal, false, 0};
  if (found.read.spelling != ucum::Spelling::none && segment.field(2).raw() == "NM") {
    if (auto const number = parse_double(segment.field(5).raw())) {
      value.has_number = true;
      value.number = ucum::to_base(found.read.unit, *number);
    }
  }
  batch_->coded.measured.push_back(value);
}

void CodeMapper::edit(const FieldView& value, const codes::Answer& answer) {
  codes::CodeStore const& store = mapping_->codes->store();
  Standard standard;
  standard.code = store.code(answer.target);
  standard.name = store.display(answer.target);
  if (answer.target < store.concepts().size())
    standard.system = store.system_name(store.concepts()[answer.target].system);
  std::string text;
  if (!with_standard_code(value, standard, answer, mapping_->triplet, text)) return;
  auto const begin = static_cast<std::size_t>(value.raw().data() - batch_->text.data());
  edits_.push_back({begin, begin + value.raw().size(), std::move(text)});
}

void CodeMapper::write_edits(std::size_t message) {
  MessageEntry const& entry = batch_->index.messages[message];
  // Bytes of another character set, and messages joined of parts, stay as they were received.
  if (!entry.rewritten) {
    // Fields of one segment are looked at in the order of rules, not in that of the text.
    std::sort(edits_.begin(), edits_.end(),
              [](Edit const& a, Edit const& b) { return a.begin < b.begin; });
    std::string& out = batch_->edited_text;
    std::size_t const begin = out.size();
    std::size_t at = entry.begin;
    for (Edit const& edit : edits_) {
      out.append(batch_->text.view().substr(at, edit.begin - at)).append(edit.text);
      at = edit.end;
    }
    out.append(batch_->text.view().substr(at, entry.end - at));
    batch_->edited.push_back({static_cast<std::uint32_t>(message), begin, out.size()});
  }
  edits_.clear();
}

void CodeMapper::see_sender(const SegmentView& header) {
  std::string_view const application = header.field(3).component(1).raw();
  std::string_view const facility = header.field(4).component(1).raw();
  auto const is_it = [&](const std::string& sender) {
    return sender.size() == application.size() + 1 + facility.size() &&
           std::string_view(sender).starts_with(application) && sender[application.size()] == '|' &&
           std::string_view(sender).ends_with(facility);
  };
  if (sender_ < senders_.size() && is_it(senders_[sender_])) return;
  for (sender_ = 0; sender_ < senders_.size(); ++sender_)
    if (is_it(senders_[sender_])) return;
  if (senders_.size() > senders_max) {
    sender_ = senders_max;
    return;
  }
  senders_.push_back(senders_.size() == senders_max
                         ? std::string("(others)")
                         : std::string(application) + "|" + std::string(facility));
  sender_ = senders_.size() - 1;
  counts_.resize(senders_.size() * (mapping_->codes->store().systems().size() + 1) * outcome_count);
}

void CodeMapper::count(const codes::Answer& answer) {
  std::size_t const systems = mapping_->codes->store().systems().size();
  std::size_t const system = std::min<std::size_t>(answer.system, systems);
  ++counts_[(sender_ * (systems + 1) + system) * outcome_count + outcome_of(answer)];
}

void CodeMapper::write_counts() {
  codes::CodeStore const& store = mapping_->codes->store();
  std::size_t const systems = store.systems().size() + 1;
  for (std::size_t k = 0; k < counts_.size(); ++k) {
    if (counts_[k] == 0) continue;
    std::size_t const system = k / outcome_count % systems;
    std::string key = senders_[k / outcome_count / systems];
    key += '\t';
    key += system + 1 == systems ? std::string_view("(unknown)")
                                 : store.system_name(static_cast<codes::SystemId>(system));
    key += '\t';
    key += outcome_name(k % outcome_count);
    batch_->code_counts.add(key, counts_[k]);
  }
}

}  // namespace hl7flow::stages
