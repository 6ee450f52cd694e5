// flag_repeats: the same test of the same person again within a time, under another order. Nothing
// is dropped; the table repeated_orders is for those who count avoidable repeats.
//
// Events are taken from messages in parallel (prepare) and judged in the order of reading, by the
// newest events before them.

#include <algorithm>

#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/numbered_state.h>
#include <hl7flow/stages/flag_repeats/order_taker.h>
#include <hl7flow/stages/flag_repeats/recent_orders.h>

namespace hl7flow::stages {

namespace {

class FlagRepeats final : public Stage {
 public:
  struct Options {
    std::string window = "24h";
    ConfigNode windows;
    std::uint64_t orders = 1'000'000;
    std::string state;
    bool keep_state = true;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::window>{"window",
                                  "How far apart two tests are repeats: 30m, 24h (default), 7d."},
      OptionFor<&Options::windows>{"windows",
                                   "Other times for some tests: a list of { codes: [2345-7, TROP], "
                                   "window: 1h }, by OBR-4 or "
                                   "the standard code that map_codes found."},
      OptionFor<&Options::orders>{
          "orders",
          "How many orders and results back to look. Default 1000000; about 150 bytes of memory "
          "each."},
      OptionFor<&Options::state>{
          "state",
          "Folder that remembers orders from run to run, and lets a killed run go on. Default: "
          "memory only."},
      OptionFor<&Options::keep_state>{
          "keep_state", "true (default); false: the state only serves to go on with a killed run."},
  };

  static Result<std::unique_ptr<Stage>, Failure> make(const Options& chosen) {
    auto windows = TestWindows::make(chosen.window, chosen.windows);
    if (!windows) return tl::unexpected<Failure>(windows.error());
    if (chosen.orders == 0 || chosen.orders > (std::uint64_t{1} << 32))
      return fail(ErrorCode::bad_option, "orders must be from 1 to 4294967296");
    return std::unique_ptr<Stage>(std::make_unique<FlagRepeats>(chosen, std::move(*windows)));
  }

  FlagRepeats(const Options& chosen, TestWindows windows)
      : windows_(std::move(windows)),
        count_(chosen.orders),
        state_("flag_repeats", chosen.state, chosen.keep_state) {}

  Order order() const noexcept override { return Order::arrival; }
  std::string_view name() const noexcept override { return "flag_repeats"; }
  bool prepares() const noexcept override { return true; }
  bool has_state() const noexcept override { return true; }

  Status prepare(Batch& batch) override {
    batch.orders.clear();
    OrderTaker taker(windows_);
    for (std::size_t k = 0; k < batch.message_count(); ++k)
      if (batch.is_accepted(k)) taker.take(batch, static_cast<std::uint32_t>(k));
    return {};
  }

  Result<std::string, Failure> saved_mark() const override { return state_.saved(); }

  Result<std::string, Failure> open_state(std::string_view mark) override {
    recent_.reset();
    auto opened = state_.open(mark);
    if (!opened) return tl::unexpected<Failure>(opened.error());
    auto log =
        RecentOrders::Log::open("flag_repeats", std::move(opened->store), count_, opened->at.next);
    if (!log) return tl::unexpected<Failure>(log.error());
    auto recent = RecentOrders::open(std::move(*log), count_);
    if (!recent) return tl::unexpected<Failure>(recent.error());
    recent_ = std::move(*recent);
    return state_.mark(std::to_string(opened->at.next));
  }

  Status process(Batch& batch) override {
    auto const held = recent_->log().hold();
    for (TakenOrder const& taken : batch.orders) {
      if (taken.event.kind != OrderEvent::Kind::cancelled)
        if (auto const earlier = recent_->find_earlier(taken.event, taken.window_seconds))
          batch.repeated_orders.push_back({taken, *earlier});
      if (auto done = recent_->add(taken.event); !done) return done;
    }
    state_.note(batch.sequence, recent_->log().next());
    return {};
  }

  Result<std::string, Failure> save_state(std::uint64_t sequence) override {
    std::uint64_t const next = state_.reached(sequence);
    if (auto done = recent_->log().save(next); !done) return tl::unexpected<Failure>(done.error());
    return state_.mark(std::to_string(next));
  }

  void complete() noexcept override {
    recent_.reset();
    state_.complete();
  }

 private:
  TestWindows const windows_;
  std::uint64_t const count_;
  NumberedState state_;
  std::unique_ptr<RecentOrders> recent_;
};

}  // namespace

extern constinit const Component flag_repeats = component<FlagRepeats>(
    "flag_repeats", "Says which orders and results repeat a test that the person had just had.");

}  // namespace hl7flow::stages
