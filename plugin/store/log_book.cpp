#include "store/log_book.hpp"

#include <array>
#include <utility>

#include "store/cursor.hpp"
#include "store/fold.hpp"
#include "store/pack.hpp"
#include "store/places.hpp"
#include "store/sql.hpp"

namespace metakocka::store {

namespace {

constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};
constexpr std::size_t kExportPage = 500;
constexpr std::int64_t kNoLimit = -1;

LogEntry read_entry(const Statement& row, Instance& instance) {
    LogEntry entry;
    entry.id = row.integer(0);
    entry.at = row.integer(1);
    entry.level = static_cast<LogLevel>(row.integer(2));
    if (!row.is_null(3)) entry.type = static_cast<RecordKind>(row.integer(3));
    entry.operation = row.text(4);
    entry.run_id = row.text(5);
    auto texts = unpack(instance.vault().open("log", std::to_string(entry.id), row.view(6)), 2);
    entry.message = std::move(texts[0]).value_or("");
    entry.details = std::move(texts[1]).value_or("");
    return entry;
}

const char* statement_for(const LogFilter& filter, LogOrder order) {
    const bool down = order == LogOrder::kNewestFirst;
    if (filter.run_id.empty()) return down ? sql::kLogDown : sql::kLogUp;
    return down ? sql::kLogOfRunDown : sql::kLogOfRunUp;
}

// One page. Messages are sealed, so `q` is looked for here, row after row, until the page is full.
Page<LogEntry> read_page(Instance& instance, const LogFilter& filter, LogOrder order, std::int64_t position,
                         std::size_t limit) {
    const std::string wanted = fold_case(filter.q);
    const auto number = [](const auto& optional, std::int64_t otherwise) {
        return optional ? static_cast<std::int64_t>(*optional) : otherwise;
    };
    std::optional<int> type;
    if (filter.type) type = static_cast<int>(*filter.type);
    std::optional<std::string_view> operation;
    if (!filter.operation.empty()) operation = filter.operation;
    const std::int64_t lowest = number(filter.level, number(filter.min_level, 0));
    const std::int64_t highest = number(filter.level, static_cast<int>(LogLevel::kError));

    return instance.database().read([&](Connection& connection) {
        auto rows = connection.use(statement_for(filter, order));
        rows.bind(instance.name(), position, type, lowest, highest, operation,
                  number(filter.from, std::numeric_limits<std::int64_t>::min()), number(filter.to, kNewest),
                  wanted.empty() ? with_one_more(limit) : kNoLimit);
        if (!filter.run_id.empty()) rows.bind_one(10, filter.run_id);
        Page<LogEntry> page;
        while (page.items.size() <= limit && rows.step()) {
            LogEntry entry = read_entry(rows, instance);
            if (wanted.empty() || fold_case(entry.message).find(wanted) != std::string::npos) {
                page.items.push_back(std::move(entry));
            }
        }
        end_page(page, limit, [](const LogEntry& last) { return std::to_string(last.id); });
        return page;
    });
}

}  // namespace

std::string_view to_text(LogLevel level) {
    return kLevels[static_cast<std::size_t>(level)];
}

std::optional<LogLevel> parse_level(std::string_view text) {
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
        if (kLevels[i] == text) return static_cast<LogLevel>(i);
    }
    return std::nullopt;
}

LogEntry LogBook::append(LogEntry entry) {
    entry.at = instance_->now();
    std::optional<int> type;
    if (entry.type) type = static_cast<int>(*entry.type);
    instance_->database().write([&](Connection& connection) {
        // Given out under the writer's lock: entries show up in the order of their ids.
        entry.id = instance_->new_number();
        const std::string sealed =
            instance_->vault().seal("log", std::to_string(entry.id), pack({entry.message, entry.details}));
        auto add = connection.use(sql::kAddLog);
        add.bind(instance_->name(), entry.id, entry.at, static_cast<int>(entry.level), type, entry.operation,
                 entry.run_id);
        add.bind_blob(8, sealed);
        add.run();
    });
    return entry;
}

Page<LogEntry> LogBook::query(const LogFilter& filter, const std::string& before, std::size_t limit) {
    return read_page(*instance_, filter, LogOrder::kNewestFirst, parse_position(before, kNewest), limit);
}

void LogBook::export_rows(const LogFilter& filter, LogOrder order,
                          const std::function<bool(const LogEntry&)>& row) {
    std::int64_t position = order == LogOrder::kNewestFirst ? kNewest : 0;
    while (true) {
        const auto page = read_page(*instance_, filter, order, position, kExportPage);
        for (const LogEntry& entry : page.items) {
            if (!row(entry)) return;
        }
        if (!page.next) return;
        position = page.items.back().id;
    }
}

std::uint64_t LogBook::prune(sync::Instant time, std::uint64_t max_entries) {
    return instance_->database().write([&](Connection& connection) {
        connection.use(sql::kPruneLogByAge).bind(instance_->name(), time).run();
        const std::uint64_t too_old = connection.changes();
        connection.use(sql::kPruneLogByCount).bind(instance_->name(), max_entries).run();
        return too_old + connection.changes();
    });
}

}  // namespace metakocka::store
