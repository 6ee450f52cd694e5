#include <hl7flow/stages/tabulate/plan.h>

#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow::stages {
namespace {

constexpr std::uint32_t msh = simd::pack('M', 'S', 'H');
constexpr std::size_t condition_count_max = 64;

class Compiler {
 public:
  explicit Compiler(Plan& plan) : plan_(plan) {
    plan_.registers.add(msh);
    plan_.tables_of.resize(register_count_max);
  }

  Status add(const TableModel& model) {
    CompiledTable table;
    table.output = static_cast<std::uint16_t>(plan_.schemas.size());
    TableSchema schema{model.name, {}};
    for (std::uint32_t const segment : model.per) {
      std::uint8_t const number = plan_.registers.add(segment);
      if (number == no_register) return too_many_segments();
      table.own_segments |= bit(number);
    }
    for (Condition const& condition : model.when)
      if (auto ok = add_condition(condition, "the table \"" + model.name + '"', table,
                                  table.row_conditions);
          !ok)
        return ok;
    for (ColumnModel const& column : model.columns)
      if (auto ok = add_column(column, table, schema); !ok) return ok;
    auto const ordinal = static_cast<std::uint16_t>(plan_.tables.size());
    if (model.per.empty()) plan_.message_tables.push_back(ordinal);
    for (std::size_t number = 0; number < register_count_max; ++number)
      if ((table.own_segments & bit(number)) != 0) plan_.tables_of[number].push_back(ordinal);
    plan_.tables.push_back(std::move(table));
    plan_.schemas.push_back(std::move(schema));
    return {};
  }

  void add_duplicates() {
    plan_.duplicates = static_cast<std::uint16_t>(plan_.schemas.size());
    plan_.schemas.push_back(
        {"duplicates",
         {{"message_id", ColumnType::text, "hash of the bytes"},
          {"input", ColumnType::text, "the file's name"},
          {"offset", ColumnType::int64, "of the message's first byte in the input"},
          {"repeat", ColumnType::text, "resend, duplicate_send or id_reuse"},
          {"action", ColumnType::text, "dropped or passed"},
          {"first_message_id", ColumnType::text, "of the message that it repeats"},
          {"messages_apart", ColumnType::int64, "messages passed on from the first to this one"},
          {"seconds_apart", ColumnType::int64, "of the two MSH-7"},
          {"sending_application", ColumnType::text, "MSH-3"},
          {"sending_facility", ColumnType::text, "MSH-4"},
          {"message_type", ColumnType::text, "MSH-9"},
          {"control_id", ColumnType::text, "MSH-10"}}});
  }

  void add_person_tables() {
    plan_.person_links = static_cast<std::uint16_t>(plan_.schemas.size());
    plan_.schemas.push_back(
        {"person_links",
         {{"message_id", ColumnType::text, "hash of the bytes; null: a decision did it"},
          {"person_id", ColumnType::text, "the person that the record is of now"},
          {"previous_person_id", ColumnType::text, "and before; null for a new record"},
          {"assigning_authority", ColumnType::text, "of the record's identifier"},
          {"identifier", ColumnType::text, "that names the record"},
          {"reason", ColumnType::text,
           "new_person, alike, same_list, merged, decided, parted or moved"},
          {"matched_assigning_authority", ColumnType::text, "of the record of that person"},
          {"matched_identifier", ColumnType::text, "that this one is most like"},
          {"probability", ColumnType::float64, "that these two are one person"},
          {"bits", ColumnType::float64, "the same as log2 of the odds"}}});
    plan_.person_reviews = static_cast<std::uint16_t>(plan_.schemas.size());
    plan_.schemas.push_back(
        {"person_reviews",
         {{"message_id", ColumnType::text, "hash of the bytes; null: a decision raised it"},
          {"person_id_a", ColumnType::text, "the person of one record"},
          {"assigning_authority_a", ColumnType::text, "of its identifier"},
          {"identifier_a", ColumnType::text, "that names it"},
          {"person_id_b", ColumnType::text, "the person of the other record"},
          {"assigning_authority_b", ColumnType::text, "of its identifier"},
          {"identifier_b", ColumnType::text, "that names it"},
          {"reason", ColumnType::text, "near, contested, twins, newborn, generations or suffix"},
          {"probability", ColumnType::float64, "that both are one person"},
          {"bits", ColumnType::float64, "the same as log2 of the odds"}}});
  }

  void add_repeated_orders() {
    plan_.repeated_orders = static_cast<std::uint16_t>(plan_.schemas.size());
    plan_.schemas.push_back(
        {"repeated_orders",
         {{"message_id", ColumnType::text, "hash of the bytes"},
          {"segment", ColumnType::int64, "position of the OBR in the message, from 1"},
          {"person_id", ColumnType::text, "that identify found"},
          {"assigning_authority", ColumnType::text, "PID-3.4.1"},
          {"patient_id", ColumnType::text, "PID-3.1"},
          {"service_code", ColumnType::text, "OBR-4.1"},
          {"service_name", ColumnType::text, "OBR-4.2"},
          {"service_system", ColumnType::text, "OBR-4.3"},
          {"kind", ColumnType::text, "order or result"},
          {"at", ColumnType::timestamp, "OBR-7, else OBR-6, ORC-9, ORC-15 or MSH-7"},
          {"placer_order_number", ColumnType::text, "OBR-2.1 or ORC-2.1"},
          {"filler_order_number", ColumnType::text, "OBR-3.1 or ORC-3.1"},
          {"provider_id", ColumnType::text, "who ordered: OBR-16.1 or ORC-12.1"},
          {"previous_message_id", ColumnType::text,
           "of the message with the test that is repeated"},
          {"previous_kind", ColumnType::text, "order or result"},
          {"previous_at", ColumnType::timestamp, "when that was"},
          {"seconds_apart", ColumnType::int64,
           "from that to this; negative if it came out of order"},
          {"same_provider", ColumnType::boolean, "the same one ordered both; null if nobody says"},
          {"sending_facility", ColumnType::text, "MSH-4.1"}}});
  }

  void add_rejects() {
    plan_.rejects = static_cast<std::uint16_t>(plan_.schemas.size());
    plan_.schemas.push_back(
        {"rejects",
         {{"message_id", ColumnType::text, "hash of the bytes"},
          {"input", ColumnType::text, "the file's name"},
          {"offset", ColumnType::int64, "of the message's first byte in the input"},
          {"size", ColumnType::int64, "bytes of the message"},
          {"code", ColumnType::text, "a code of docs/reference/errors.md"},
          {"reason", ColumnType::text, "the code's sentence"},
          {"position", ColumnType::int64, "of the fault, in bytes from the message's first"},
          {"raw", ColumnType::binary, "the message's bytes as received"}}});
  }

 private:
  static std::uint64_t bit(std::size_t number) { return std::uint64_t{1} << number; }

  static Status too_many_segments() {
    return fail(
        ErrorCode::bad_config,
        "the tables name more than " + std::to_string(register_count_max) + " different segments");
  }

  static std::uint16_t slot_of(CompiledTable& table, std::uint8_t segment, bool after) {
    for (std::size_t k = 0; k < table.slots.size(); ++k)
      if (table.slots[k].segment == segment && table.slots[k].after == after)
        return static_cast<std::uint16_t>(k);
    table.slots.push_back({segment, after});
    if (after) table.followers |= bit(segment);
    return static_cast<std::uint16_t>(table.slots.size() - 1);
  }

  Status make_place(const Path& path, bool after, CompiledTable& table, Place& place) {
    std::uint8_t const segment = plan_.registers.add(path.segment);
    if (segment == no_register) return too_many_segments();
    bool const own = (table.own_segments & bit(segment)) != 0;
    place.slot = slot_of(table, segment, after && !own);
    place.field = path.segment == msh && path.field > 0 ? static_cast<std::uint16_t>(path.field - 1)
                                                        : path.field;
    place.component = path.component;
    place.subcomponent = path.subcomponent;
    place.path = path;
    place.simple = path.repetition == 1 && !path.has_match() && path.field > 0 &&
                   !(path.segment == msh && path.field < 3);
    return {};
  }

  static Status refuse(const std::string& where, const char* why) {
    return fail(ErrorCode::bad_config, where + ": " + why);
  }

  /// What a table cannot read: it knows the nearest segment of each kind, and one text of a field.
  static Status check_path(const Path& path, ColumnType type, const std::string& where) {
    if (path.repetition == Path::all && (path.component != 0 || type != ColumnType::text))
      return refuse(where, "(*) is for whole fields in text columns");
    if (path.occurrence != 1)
      return refuse(where, "a table reads the nearest segment, not one by number");
    return {};
  }

  Status add_condition(const Condition& condition, const std::string& where, CompiledTable& table,
                       std::uint64_t& mask) {
    if (auto ok = check_path(condition.path, ColumnType::text, where + ", its condition"); !ok)
      return ok;
    Place place;
    if (auto ok = make_place(condition.path, false, table, place); !ok) return ok;
    std::size_t tested = 0;
    while (tested < table.tested.size() && !(table.tested[tested].path == place.path)) ++tested;
    if (tested == table.tested.size()) table.tested.push_back(place);
    std::size_t known = 0;
    for (; known < table.conditions.size(); ++known) {
      CompiledCondition const& other = table.conditions[known];
      if (other.tested == tested && other.negated == condition.negated &&
          other.values == condition.values)
        break;
    }
    if (known == condition_count_max)
      return fail(ErrorCode::bad_config, "a table has more than 64 different conditions");
    if (known == table.conditions.size())
      table.conditions.push_back(
          {static_cast<std::uint16_t>(tested), condition.negated, condition.values});
    mask |= bit(known);
    return {};
  }

  Status add_column(const ColumnModel& model, CompiledTable& table, TableSchema& schema) {
    CompiledColumn column;
    column.type = model.type;
    column.builtin = model.builtin;
    column.mapped = model.mapped;
    plan_.uses_message_id |= model.builtin == Builtin::message_id;
    plan_.uses_timestamps |= model.type == ColumnType::timestamp;
    std::string const where =
        "the column \"" + model.name + "\" of the table \"" + schema.name + '"';
    if (model.builtin == Builtin::person_id) {
      Place place;
      if (auto ok = make_place(*Path::parse("PID-3"), false, table, place); !ok) return ok;
      column.places.push_back(place);
    }
    for (std::vector<Path> const& joined : model.paths) {
      for (Path const& path : joined) {
        if (auto ok = check_path(path, model.type, where); !ok) return ok;
        if (joined.size() > 1 && (path.repetition == Path::all || model.type != ColumnType::text))
          return refuse(where, "values are joined in text columns, without (*)");
      }
      Place place;
      if (auto ok = make_place(joined.front(), model.after, table, place); !ok) return ok;
      place.joined.assign(joined.begin() + 1, joined.end());
      place.simple = place.simple && place.joined.empty();
      column.places.push_back(std::move(place));
    }
    for (Condition const& condition : model.when)
      if (auto ok = add_condition(condition, where, table, column.conditions); !ok) return ok;
    column.output = static_cast<std::uint16_t>(schema.columns.size());
    schema.columns.push_back({model.name, model.type, model.description});
    bool const typed = model.type != ColumnType::text && model.builtin == Builtin::none &&
                       model.mapped == Mapped::none;
    if (typed) {
      column.text_output = static_cast<std::uint16_t>(schema.columns.size());
      schema.columns.push_back({model.name + "_text", ColumnType::text,
                                "the text of " + model.name + " where the type does not hold it"});
    }
    table.columns.push_back(std::move(column));
    // The second column of a typed one may have the name of a later or an earlier column.
    for (std::size_t k = 0; k < schema.columns.size(); ++k)
      for (std::size_t other = 0; other < k; ++other)
        if (schema.columns[k].name == schema.columns[other].name)
          return refuse(where, ("there is a column \"" + schema.columns[k].name +
                                "\" already; a typed column has a NAME_text beside it")
                                   .c_str());
    return {};
  }

  Plan& plan_;
};

}  // namespace

std::uint8_t Registers::add(std::uint32_t packed_id) {
  std::uint8_t const known = find(packed_id);
  if (known != no_register) return known;
  if (ids_.size() == register_count_max) return no_register;
  std::size_t slot = hash(packed_id);
  while (slots_[slot].number != no_register) slot = (slot + 1) % slots_.size();
  slots_[slot] = {packed_id, static_cast<std::uint8_t>(ids_.size())};
  ids_.push_back(packed_id);
  return slots_[slot].number;
}

Result<std::unique_ptr<Plan>, Failure> compile(const std::vector<TableModel>& tables) {
  auto plan = std::make_unique<Plan>();
  Compiler compiler(*plan);
  for (TableModel const& table : tables)
    if (auto ok = compiler.add(table); !ok) return tl::unexpected<Failure>(ok.error());
  compiler.add_duplicates();
  compiler.add_person_tables();
  compiler.add_repeated_orders();
  compiler.add_rejects();
  return plan;
}

}  // namespace hl7flow::stages
