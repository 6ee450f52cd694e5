// tabulate: turns each message into rows of tables, and each rejected one into a row of `rejects`.
//
// A message is walked once. For each segment identifier that the tables mention, a register holds
// the last segment seen, and the message structure says when a segment makes earlier ones forgotten
// (parsers/scope.h), so that "OBR-4" in a row for an OBX is the OBR of its own group.

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <mutex>
#include <shared_mutex>

#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/schema/schema.h>
#include <hl7flow/parsers/scope.h>
#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/message_id.h>
#include <hl7flow/stages/tabulate/bad_escape.h>
#include <hl7flow/stages/tabulate/order_rows.h>
#include <hl7flow/stages/tabulate/person_rows.h>
#include <hl7flow/stages/tabulate/rows.h>

namespace hl7flow::stages {

namespace {

/// The scope rules of each message type, made when it is first seen. Thread-safe.
class ScopeCatalogue {
 public:
  explicit ScopeCatalogue(std::vector<std::uint32_t> ids) : ids_(std::move(ids)) {}

  const ScopeRules& rules(std::string_view message_type, std::string_view version, char component) {
    std::string key(message_type);
    key += '|';
    key += version;
    {
      std::shared_lock const lock(mutex_);
      auto const known = rules_.find(key);
      if (known != rules_.end()) return *known->second;
    }
    Delimiters delimiters;
    delimiters.component = component;
    FieldView const type(message_type, delimiters);
    auto const* const structure =
        schema::find_structure(schema::version_from_text(version), type.component(1).raw(),
                               type.component(2).raw(), type.component(3).raw());
    std::unique_lock const lock(mutex_);
    // Senders invent types; beyond a bound they share the generic rules.
    if (rules_.size() >= types_max) return generic();
    auto& made = rules_[key];
    if (!made) made = std::make_unique<ScopeRules>(compile_scope_rules(structure, ids_));
    return *made;
  }

 private:
  static constexpr std::size_t types_max = 4096;
  const ScopeRules& generic() {
    if (!generic_) generic_ = std::make_unique<ScopeRules>(compile_scope_rules(nullptr, ids_));
    return *generic_;
  }

  std::vector<std::uint32_t> const ids_;
  std::shared_mutex mutex_;
  std::map<std::string, std::unique_ptr<ScopeRules>> rules_;
  std::unique_ptr<ScopeRules> generic_;
};

/// One batch's tabulation: first which rows there are, then their values. Kept by a thread from
/// batch to batch for its memory.
class Tabulation {
 public:
  void run(const Plan& plan, ScopeCatalogue& scopes, Batch& batch) {
    plan_ = &plan;
    scopes_ = &scopes;
    batch_ = &batch;
    rules_ = nullptr;
    last_type_ = last_version_ = {};
    batch.tables.resize(plan.schemas.size());
    for (std::size_t k = 0; k < plan.schemas.size(); ++k) batch.tables[k].attach(plan.schemas[k]);
    rows_.resize(plan.tables.size());
    for (std::size_t k = 0; k < plan.tables.size(); ++k)
      rows_[k].clear(plan.tables[k].slots.size());
    facts_.resize(batch.message_count());
    batch.side_text.clear();
    if (plan.escapes == EscapePolicy::error) reject_bad_escapes();
    TextView const input = store(batch, batch.input_name);
    uniform_ = true;
    const Delimiters* first = nullptr;
    for (std::size_t k = 0; k < batch.message_count(); ++k) {
      if (!batch.is_accepted(k)) continue;
      list_rows(static_cast<std::uint32_t>(k));
      if (first == nullptr) first = &facts_[k].delimiters;
      uniform_ &= facts_[k].delimiters == *first;
    }
    ColumnFiller filler(batch, facts_, input, uniform_, plan.escapes);
    for (std::size_t k = 0; k < plan.tables.size(); ++k) filler.fill(plan.tables[k], rows_[k]);
    batch.untyped_values += filler.untyped_values();
    batch.unknown_escapes += filler.unknown_escapes();
    write_duplicates(input);
    write_person_tables(batch, batch.tables[plan.person_links], batch.tables[plan.person_reviews]);
    write_repeated_orders(batch, batch.tables[plan.repeated_orders]);
    write_rejects(input);
  }

 private:
  void reject_bad_escapes() {
    for (std::size_t k = 0; k < batch_->message_count(); ++k) {
      if (!batch_->is_accepted(k)) continue;
      Error const error = find_bad_escape(batch_->message(k), scratch_);
      if (error.code != ErrorCode::none) batch_->reject(k, error);
    }
  }

  static char or_never(char delimiter) { return delimiter == '\0' ? '\xff' : delimiter; }

  std::string_view raw(std::uint32_t begin, std::uint32_t end) const {
    return batch_->text.view().substr(begin, end - begin);
  }

  TextView id_of(std::string_view bytes) {
    MessageId const id = message_id(bytes);
    return store(*batch_, {id.data(), id.size()});
  }

  void gather_facts(std::uint32_t message, const MessageEntry& entry) {
    MessageFacts& facts = facts_[message];
    facts.delimiters = entry.delimiters;
    facts.delimiters.component = or_never(entry.delimiters.component);
    facts.delimiters.repetition = or_never(entry.delimiters.repetition);
    facts.delimiters.subcomponent = or_never(entry.delimiters.subcomponent);
    facts.delimiters.escape = or_never(entry.delimiters.escape);
    facts.charset = entry.charset;
    if (plan_->uses_message_id) facts.id = id_of(raw(entry.raw_begin, entry.raw_end));
    SegmentView const header = batch_->message(message).segment(0);
    facts.zone_minutes = 0;
    if (plan_->uses_timestamps) {
      std::string_view const sent_at = header.field(7).component(1).raw();
      if (sent_at.find_first_of("+-") != std::string_view::npos) {
        auto const time = parse_datetime(sent_at);
        if (time && time->zone_minutes) facts.zone_minutes = *time->zone_minutes;
      }
    }
    std::string_view const type = header.field(9).raw();
    std::string_view const version = header.field(12).raw();
    if (rules_ != nullptr && type == last_type_ && version == last_version_) return;
    last_type_ = type;
    last_version_ = version;
    rules_ = remembered(type, version, entry.delimiters.component);
  }

  /// A feed has few message types: they are looked up without the catalogue's lock.
  const ScopeRules* remembered(std::string_view type, std::string_view version, char component) {
    for (Known const& known : known_)
      if (known.type == type && known.version == version) return known.rules;
    const ScopeRules* const rules = &scopes_->rules(type, version, component);
    if (known_.size() < known_max)
      known_.push_back({std::string(type), std::string(version), rules});
    return rules;
  }

  void list_rows(std::uint32_t message) {
    MessageEntry const& entry = batch_->index.messages[message];
    gather_facts(message, entry);
    std::uint32_t const end = entry.first_segment + entry.segment_count;
    const std::uint32_t* const ids = batch_->index.segment_id.data();
    ScopeState scope;
    scope.begin_message();
    first_.fill(no_segment);
    nearest_.fill(no_segment);
    for (std::uint32_t segment = entry.first_segment; segment < end; ++segment) {
      std::uint8_t const number = plan_->registers.find(ids[segment]);
      if (number == no_register) continue;
      for (std::uint64_t gone = scope.see(*rules_, number); gone != 0; gone &= gone - 1)
        nearest_[static_cast<std::size_t>(std::countr_zero(gone))] = no_segment;
      nearest_[number] = segment;
      if (first_[number] == no_segment) first_[number] = segment;
      for (std::uint16_t const table : plan_->tables_of[number])
        add_row(table, message, number, segment, end);
    }
    // A table per message reads the first segment of each kind.
    for (std::uint16_t const table : plan_->message_tables) {
      RowList& rows = rows_[table];
      rows.message.push_back(message);
      rows.own.push_back(entry.first_segment);
      for (Slot const& slot : plan_->tables[table].slots)
        rows.segments.push_back(first_[slot.segment]);
    }
  }

  void add_row(std::uint16_t ordinal, std::uint32_t message, std::uint8_t own,
               std::uint32_t segment, std::uint32_t end) {
    CompiledTable const& table = plan_->tables[ordinal];
    RowList& rows = rows_[ordinal];
    rows.message.push_back(message);
    rows.own.push_back(segment);
    if (table.followers != 0) find_followers(table, own, segment, end);
    for (Slot const& slot : table.slots)
      rows.segments.push_back(slot.after ? after_[slot.segment] : nearest_[slot.segment]);
  }

  /// Segments behind the row's own, up to where its group ends or the next row begins.
  void find_followers(const CompiledTable& table, std::uint8_t own, std::uint32_t segment,
                      std::uint32_t end) {
    for (std::uint64_t rest = table.followers; rest != 0; rest &= rest - 1)
      after_[static_cast<std::size_t>(std::countr_zero(rest))] = no_segment;
    std::uint64_t missing = table.followers;
    for (std::uint32_t next = segment + 1; next < end && missing != 0; ++next) {
      std::uint8_t const number = plan_->registers.find(batch_->index.segment_id[next]);
      if (number == no_register) continue;
      bool const ends =
          (table.own_segments >> number & 1) != 0 || (rules_->clear_always(number) >> own & 1) != 0;
      if (ends) return;
      if ((missing >> number & 1) == 0) continue;
      after_[number] = next;
      missing &= ~(std::uint64_t{1} << number);
    }
  }

  void write_duplicates(TextView input) {
    TableRows& rows = batch_->tables[plan_->duplicates];
    rows.resize(batch_->repetitions.size());
    bool const elsewhere = !batch_->placements.empty();
    for (std::size_t row = 0; row < batch_->repetitions.size(); ++row) {
      Repetition const& one = batch_->repetitions[row];
      Placement const place = batch_->place_of(one.message);
      for (Column& column : rows.columns) column.valid[row] = 1;
      auto const at = [&](DuplicateColumn column) -> Column& {
        return rows.columns[static_cast<std::size_t>(column)];
      };
      auto const text = [&](DuplicateColumn column, std::string_view value) {
        at(column).texts[row] = store(*batch_, value);
      };
      MessageView const message = batch_->message(one.message);
      SegmentView const header = message.segment(0);
      auto const field = [&](DuplicateColumn column, std::size_t number) {
        std::string_view const value = header.field(number).raw();
        at(column).valid[row] = value.empty() ? 0 : 1;
        at(column).texts[row] = view_of(*batch_, value);
      };
      at(DuplicateColumn::message_id).texts[row] = id_of(message.raw());
      at(DuplicateColumn::input).texts[row] = elsewhere ? store(*batch_, place.input_name) : input;
      at(DuplicateColumn::offset).integers[row] = static_cast<std::int64_t>(place.offset);
      text(DuplicateColumn::repeat, hl7flow::name(one.repeat));
      text(DuplicateColumn::action, one.dropped ? "dropped" : "passed");
      text(DuplicateColumn::first_message_id, {one.first.data(), one.first.size()});
      at(DuplicateColumn::messages_apart).integers[row] =
          static_cast<std::int64_t>(one.messages_apart);
      at(DuplicateColumn::seconds_apart).integers[row] = one.seconds_apart;
      at(DuplicateColumn::seconds_apart).valid[row] = one.has_times ? 1 : 0;
      field(DuplicateColumn::sending_application, 3);
      field(DuplicateColumn::sending_facility, 4);
      field(DuplicateColumn::message_type, 9);
      field(DuplicateColumn::control_id, 10);
    }
  }

  void write_rejects(TextView input) {
    std::size_t count = 0;
    for (Fate const fate : batch_->fates) count += fate == Fate::rejected ? 1 : 0;
    for (ExtraRange const& extra : batch_->index.extras)
      count += extra.kind == ExtraRange::Kind::oversize ? 1 : 0;
    TableRows& rows = batch_->tables[plan_->rejects];
    rows.resize(count);
    std::size_t row = 0;
    for (std::size_t k = 0; k < batch_->message_count(); ++k) {
      MessageEntry const& entry = batch_->index.messages[k];
      if (batch_->fates[k] != Fate::rejected) continue;
      Placement const place = batch_->place_of(k);
      bool const elsewhere = !batch_->placements.empty();
      write_reject(rows, row++, entry.raw_begin, entry.raw_end, entry.error,
                   elsewhere ? store(*batch_, place.input_name) : input, place.offset);
    }
    for (ExtraRange const& extra : batch_->index.extras)
      if (extra.kind == ExtraRange::Kind::oversize)
        write_reject(rows, row++, extra.begin, extra.end, {ErrorCode::message_too_large, 0}, input,
                     batch_->position.offset + extra.begin);
  }

  void write_reject(TableRows& rows, std::size_t row, std::uint32_t begin, std::uint32_t end,
                    Error error, TextView input, std::uint64_t offset) {
    for (Column& column : rows.columns) column.valid[row] = 1;
    auto const text = [&](RejectColumn column, TextView value) {
      rows.columns[static_cast<std::size_t>(column)].texts[row] = value;
    };
    auto const number = [&](RejectColumn column, std::uint64_t value) {
      rows.columns[static_cast<std::size_t>(column)].integers[row] =
          static_cast<std::int64_t>(value);
    };
    text(RejectColumn::message_id, id_of(raw(begin, end)));
    text(RejectColumn::input, input);
    number(RejectColumn::offset, offset);
    number(RejectColumn::size, end - begin);
    text(RejectColumn::code, store(*batch_, hl7flow::name(error.code)));
    text(RejectColumn::reason, store(*batch_, describe(error.code)));
    number(RejectColumn::position, error.offset);
    text(RejectColumn::raw, view_of(*batch_, raw(begin, end)));
  }

  const Plan* plan_ = nullptr;
  ScopeCatalogue* scopes_ = nullptr;
  Batch* batch_ = nullptr;
  std::vector<MessageFacts> facts_;
  std::vector<RowList> rows_;
  std::array<std::uint32_t, register_count_max> nearest_{}, first_{}, after_{};
  const ScopeRules* rules_ = nullptr;
  std::string_view last_type_, last_version_;
  bool uniform_ = true;
  Buffer<char> scratch_;

  struct Known {
    std::string type, version;
    const ScopeRules* rules;
  };
  static constexpr std::size_t known_max = 64;
  std::vector<Known> known_;
};

class Tabulate final : public Stage {
 public:
  struct Options {
    std::vector<std::string> only;
    bool defaults = true;
    bool mapped = false;
    bool persons = false;
    std::string escapes = "decode";
    ConfigNode tables;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::only>{"only", "Names of the tables to make; all if not given."},
      OptionFor<&Options::defaults>{"defaults", "Begin with the default tables. Default true."},
      OptionFor<&Options::mapped>{"mapped",
                                  "Add columns for what map_codes found to the default tables."},
      OptionFor<&Options::persons>{
          "persons", "Add the column person_id of what identify found to the default tables."},
      OptionFor<&Options::escapes>{
          "escapes",
          "Escape sequences: decode, and leave unknown ones as sent (default); keep all as sent; "
          "error: reject messages with unknown or malformed ones."},
      OptionFor<&Options::tables>{
          "tables",
          "Tables of your own: see docs/tasks/define-tables.md. A name that is known "
          "replaces that table, or adds columns to it with extend: true."},
  };

  static Result<std::unique_ptr<Stage>, Failure> make(Options chosen) {
    auto const escapes = escape_policy(chosen.escapes);
    if (!escapes) return tl::unexpected<Failure>(escapes.error());
    std::vector<TableModel> tables;
    if (chosen.defaults) {
      auto made = default_tables();
      if (!made) return tl::unexpected<Failure>(made.error());
      tables = std::move(*made);
      if (auto ok = chosen.mapped ? add_mapped_columns(tables) : Status(); !ok)
        return tl::unexpected<Failure>(ok.error());
      if (chosen.persons) add_person_columns(tables);
    }
    ConfigNode root;
    root.kind = ConfigNode::Kind::map;
    if (chosen.tables.kind != ConfigNode::Kind::empty)
      root.entries.emplace_back("table", chosen.tables);
    if (auto ok = read_tables(root, tables); !ok) return tl::unexpected<Failure>(ok.error());
    if (!chosen.only.empty()) {
      if (auto ok = keep_only(chosen.only, tables); !ok) return tl::unexpected<Failure>(ok.error());
    }
    auto plan = compile(tables);
    if (!plan) return tl::unexpected<Failure>(plan.error());
    (*plan)->escapes = *escapes;
    return std::unique_ptr<Stage>(std::make_unique<Tabulate>(std::move(*plan)));
  }

  explicit Tabulate(std::unique_ptr<const Plan> plan)
      : plan_(std::move(plan)), scopes_(plan_->registers.ids()) {}

  std::string_view name() const noexcept override { return "tabulate"; }
  bool makes_tables() const noexcept override { return true; }

  Status process(Batch& batch) override {
    std::unique_ptr<Tabulation> tabulation = take();
    tabulation->run(*plan_, scopes_, batch);
    give(std::move(tabulation));
    return {};
  }

 private:
  static Status keep_only(const std::vector<std::string>& wanted, std::vector<TableModel>& tables) {
    std::vector<std::string> names;
    names.reserve(tables.size());
    for (TableModel const& table : tables) names.push_back(table.name);
    for (std::string const& name : wanted)
      if (!is_own_table(name) && std::find(names.begin(), names.end(), name) == names.end())
        return fail(ErrorCode::bad_config,
                    "unknown table \"" + name + '"' + nearest_name(name, names));
    std::erase_if(tables, [&](TableModel const& table) {
      return std::find(wanted.begin(), wanted.end(), table.name) == wanted.end();
    });
    return {};
  }

  static Result<EscapePolicy, Failure> escape_policy(std::string_view text) {
    if (text == "decode") return EscapePolicy::decode;
    if (text == "keep") return EscapePolicy::keep;
    if (text == "error") return EscapePolicy::error;
    return fail(ErrorCode::bad_option,
                "escapes must be decode, keep or error, not " + std::string(text));
  }

  std::unique_ptr<Tabulation> take() {
    std::lock_guard const lock(mutex_);
    if (idle_.empty()) return std::make_unique<Tabulation>();
    std::unique_ptr<Tabulation> taken = std::move(idle_.back());
    idle_.pop_back();
    return taken;
  }
  void give(std::unique_ptr<Tabulation> tabulation) {
    std::lock_guard const lock(mutex_);
    idle_.push_back(std::move(tabulation));
  }

  std::unique_ptr<const Plan> const plan_;
  ScopeCatalogue scopes_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Tabulation>> idle_;
};

}  // namespace

extern constinit const Component tabulate = component<Tabulate>(
    "tabulate", "Turns messages into rows of tables, and rejected ones into rows of rejects.");

}  // namespace hl7flow::stages
