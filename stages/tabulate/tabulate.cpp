// tabulate: turns each message into rows of tables, and each rejected one into a row of `rejects`.
//
// A message is walked once. For each segment identifier that the tables mention, a register holds
// the last segment seen, and the message structure says when a segment makes earlier ones forgotten
// (parsers/scope.h), so that "OBR-4" in a row for an OBX is the OBR of its own group.

#include <map>
#include <mutex>
#include <shared_mutex>

#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/schema/schema.h>
#include <hl7flow/parsers/scope.h>
#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/message_id.h>
#include <hl7flow/stages/tabulate/plan.h>
#include <hl7flow/stages/tabulate/row_writer.h>

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

/// What one call of process() needs: made on the stack, so that calls share nothing but the plan.
class Tabulation {
 public:
  Tabulation(const Plan& plan, ScopeCatalogue& scopes, Batch& batch)
      : plan_(plan), scopes_(scopes), batch_(batch), writer_(batch) {
    batch_.tables.resize(plan.schemas.size());
    for (std::size_t k = 0; k < plan.schemas.size(); ++k) batch_.tables[k].attach(plan.schemas[k]);
    batch_.side_text.clear();
    input_ = writer_.store(batch_.input_name);
  }

  void run() {
    for (std::size_t k = 0; k < batch_.message_count(); ++k) {
      if (batch_.fates[k] == Fate::accepted)
        add_message(batch_.index.messages[k], k);
      else if (batch_.fates[k] == Fate::rejected)
        add_reject(batch_.index.messages[k]);
    }
    for (ExtraRange const& extra : batch_.index.extras) {
      if (extra.kind != ExtraRange::Kind::oversize) continue;
      MessageEntry entry{};
      entry.raw_begin = extra.begin;
      entry.raw_end = extra.end;
      entry.error = {ErrorCode::message_too_large, 0};
      add_reject(entry);
    }
    batch_.untyped_values += writer_.untyped_values();
  }

 private:
  std::string_view raw(const MessageEntry& entry) const {
    return batch_.text.view().substr(entry.raw_begin, entry.raw_end - entry.raw_begin);
  }

  TextView id_of(const MessageEntry& entry) {
    MessageId const id = message_id(raw(entry));
    return writer_.store({id.data(), id.size()});
  }

  static char or_never(char delimiter) { return delimiter == '\0' ? '\xff' : delimiter; }

  void begin(const MessageEntry& entry, std::size_t ordinal) {
    context_.batch = &batch_;
    context_.entry = &entry;
    context_.component = or_never(entry.delimiters.component);
    context_.repetition = or_never(entry.delimiters.repetition);
    context_.subcomponent = or_never(entry.delimiters.subcomponent);
    context_.escape = or_never(entry.delimiters.escape);
    context_.segment.fill(no_segment);
    context_.id = id_of(entry);
    context_.input = input_;
    SegmentView const header = batch_.message(ordinal).segment(0);
    std::string_view const sent_at = header.field(7).component(1).raw();
    context_.zone_minutes = 0;
    if (sent_at.find_first_of("+-") != std::string_view::npos) {
      auto const time = parse_datetime(sent_at);
      if (time && time->zone_minutes) context_.zone_minutes = *time->zone_minutes;
    }
    std::string_view const type = header.field(9).raw();
    std::string_view const version = header.field(12).raw();
    if (rules_ == nullptr || type != last_type_ || version != last_version_) {
      rules_ = &scopes_.rules(type, version, entry.delimiters.component);
      last_type_ = type;
      last_version_ = version;
    }
  }

  void add_message(const MessageEntry& entry, std::size_t ordinal) {
    begin(entry, ordinal);
    ScopeState scope;
    scope.begin_message();
    std::uint32_t const end = entry.first_segment + entry.segment_count;
    for (std::uint32_t segment = entry.first_segment; segment < end; ++segment) {
      std::uint8_t const number = plan_.registers.find(batch_.index.segment_id[segment]);
      if (number == no_register) continue;
      for (std::uint64_t gone = scope.see(*rules_, number); gone != 0; gone &= gone - 1)
        context_.segment[static_cast<std::size_t>(std::countr_zero(gone))] = no_segment;
      context_.segment[number] = segment;
      for (std::uint16_t const table : plan_.tables_of[number])
        add_row(plan_.tables[table], number, segment, end);
    }
    if (plan_.message_tables.empty()) return;
    // A table per message reads the first segment of each kind.
    context_.segment.fill(no_segment);
    for (std::uint32_t segment = end; segment > entry.first_segment; --segment) {
      std::uint8_t const number = plan_.registers.find(batch_.index.segment_id[segment - 1]);
      if (number != no_register) context_.segment[number] = segment - 1;
    }
    for (std::uint16_t const table : plan_.message_tables)
      writer_.add_row(plan_.tables[table], context_, no_segment);
  }

  void add_row(const CompiledTable& table, std::uint8_t own, std::uint32_t segment,
               std::uint32_t end) {
    if (table.followers == 0) return writer_.add_row(table, context_, segment);
    // Segments behind the row's own, up to where its group ends or the next row begins.
    auto const before = context_.segment;
    for (std::uint64_t rest = table.followers; rest != 0; rest &= rest - 1)
      context_.segment[static_cast<std::size_t>(std::countr_zero(rest))] = no_segment;
    std::uint64_t missing = table.followers;
    for (std::uint32_t next = segment + 1; next < end && missing != 0; ++next) {
      std::uint8_t const number = plan_.registers.find(batch_.index.segment_id[next]);
      if (number == no_register) continue;
      bool const ends =
          (table.own_segments >> number & 1) != 0 || (rules_->clear_always(number) >> own & 1) != 0;
      if (ends) break;
      if ((missing >> number & 1) == 0) continue;
      context_.segment[number] = next;
      missing &= ~(std::uint64_t{1} << number);
    }
    writer_.add_row(table, context_, segment);
    context_.segment = before;
  }

  void add_reject(const MessageEntry& entry) {
    TableRows& rows = batch_.tables[plan_.rejects];
    rows.reserve_row();
    std::size_t const row = rows.rows++;
    for (Column& column : rows.columns) column.valid[row] = 1;
    auto const text = [&](RejectColumn column, TextView value) {
      rows.columns[static_cast<std::size_t>(column)].texts[row] = value;
    };
    auto const number = [&](RejectColumn column, std::uint64_t value) {
      rows.columns[static_cast<std::size_t>(column)].integers[row] =
          static_cast<std::int64_t>(value);
    };
    text(RejectColumn::message_id, id_of(entry));
    text(RejectColumn::input, input_);
    number(RejectColumn::offset, batch_.position.offset + entry.raw_begin);
    number(RejectColumn::size, entry.raw_end - entry.raw_begin);
    text(RejectColumn::code, writer_.store(hl7flow::name(entry.error.code)));
    text(RejectColumn::reason, writer_.store(describe(entry.error.code)));
    number(RejectColumn::position, entry.error.offset);
    text(RejectColumn::raw, writer_.view_of(raw(entry)));
  }

  const Plan& plan_;
  ScopeCatalogue& scopes_;
  Batch& batch_;
  RowWriter writer_;
  RowContext context_;
  TextView input_{};
  const ScopeRules* rules_ = nullptr;
  std::string_view last_type_, last_version_;
};

class Tabulate final : public Stage {
 public:
  struct Options {
    std::vector<std::string> only;
    bool defaults = true;
    ConfigNode tables;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::only>{"only", "Names of the tables to make; all if not given."},
      OptionFor<&Options::defaults>{"defaults", "Begin with the default tables. Default true."},
      OptionFor<&Options::tables>{
          "tables",
          "Tables of your own: see docs/tasks/define-tables.md. A name that is known "
          "replaces that table, or adds columns to it with extend: true."},
  };

  static Result<std::unique_ptr<Stage>, Failure> make(Options chosen) {
    std::vector<TableModel> tables;
    if (chosen.defaults) {
      auto made = default_tables();
      if (!made) return tl::unexpected<Failure>(made.error());
      tables = std::move(*made);
    }
    ConfigNode root;
    root.kind = ConfigNode::Kind::map;
    if (chosen.tables.kind != ConfigNode::Kind::empty)
      root.entries.emplace_back("table", chosen.tables);
    if (auto ok = read_tables(root, tables); !ok) return tl::unexpected<Failure>(ok.error());
    if (!chosen.only.empty()) {
      std::vector<TableModel> kept;
      for (std::string const& name : chosen.only) {
        std::vector<std::string> names;
        auto const before = kept.size();
        for (TableModel const& table : tables) {
          names.push_back(table.name);
          if (table.name == name) kept.push_back(table);
        }
        if (kept.size() == before && name != "rejects")
          return fail(ErrorCode::bad_config,
                      "unknown table \"" + name + '"' + nearest_name(name, names));
      }
      tables = std::move(kept);
    }
    auto plan = compile(tables);
    if (!plan) return tl::unexpected<Failure>(plan.error());
    return std::unique_ptr<Stage>(std::make_unique<Tabulate>(std::move(*plan)));
  }

  explicit Tabulate(std::unique_ptr<const Plan> plan)
      : plan_(std::move(plan)), scopes_(plan_->registers.ids()) {}

  std::string_view name() const noexcept override { return "tabulate"; }

  Status process(Batch& batch) override {
    Tabulation(*plan_, scopes_, batch).run();
    return {};
  }

 private:
  std::unique_ptr<const Plan> const plan_;
  ScopeCatalogue scopes_;
};

}  // namespace

extern constinit const Component tabulate = component<Tabulate>(
    "tabulate", "Turns messages into rows of tables, and rejected ones into rows of rejects.");

}  // namespace hl7flow::stages
