#include "store/instance.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>
#include <system_error>
#include <utility>
#include <vector>

#include "store/error.hpp"
#include "store/sql.hpp"

namespace metakocka::store {

namespace {

constexpr char kFileName[] = "autosync.db";
constexpr unsigned kLowBits = 10;
constexpr std::int64_t kLowMask = (1 << kLowBits) - 1;
constexpr std::size_t kIdDigits = 16;

std::vector<vault::WrappedKey> data_keys(Connection& connection, const std::string& name) {
    std::vector<vault::WrappedKey> keys;
    auto rows = connection.use(sql::kDataKeys);
    rows.bind(name);
    while (rows.step()) {
        keys.push_back({static_cast<vault::KeyId>(rows.integer(0)), rows.text(1), rows.text(2)});
    }
    return keys;
}

// Without its key, what an instance stored is lost; a new key beside it would only hide that.
void refuse_orphans(Connection& connection, const std::string& name) {
    auto sealed = connection.use(sql::kHasSealed);
    sealed.bind(name);
    sealed.step();
    if (sealed.integer(0) == 0) return;
    throw vault::VaultError(vault::VaultProblem::kMissingKey,
                            "the database holds sealed data but its data key is missing: restore a backup");
}

std::vector<vault::WrappedKey> data_keys_or_new(Database& database, const std::string& name,
                                                vault::KeyWrapper& wrapper, sync::Instant now) {
    auto keys = database.read([&](Connection& connection) { return data_keys(connection, name); });
    if (!keys.empty()) return keys;
    const vault::WrappedKey made = vault::Vault::make_key(name, 1, wrapper);
    return database.write([&](Connection& connection) {
        // Somebody else may have been faster.
        auto found = data_keys(connection, name);
        if (!found.empty()) return found;
        refuse_orphans(connection, name);
        auto add = connection.use(sql::kAddDataKey);
        add.bind(name, int{made.id});
        add.bind_blob(3, made.wrapped);
        add.bind_blob(4, made.check);
        add.bind_one(5, now);
        add.run();
        return std::vector{made};
    });
}

}  // namespace

std::shared_ptr<Instance> Instance::open(const std::filesystem::path& folder, const std::string& name,
                                         vault::KeyWrapper& wrapper, sync::Clock& clock) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        throw StoreError(StoreProblem::kReadOnly,
                         "the folder for the module's data is not there: " + folder.string());
    }
    auto database = Database::open(folder / kFileName);
    const auto keys = data_keys_or_new(*database, name, wrapper, clock.now());
    auto vault = std::make_unique<vault::Vault>(name, keys, wrapper);
    return std::make_shared<Instance>(name, std::move(database), std::move(vault), clock);
}

Instance::Instance(std::string name, std::shared_ptr<Database> database, std::unique_ptr<vault::Vault> vault,
                   sync::Clock& clock)
    : name_(std::move(name)),
      database_(std::move(database)),
      vault_(std::move(vault)),
      clock_(clock),
      low_bits_(static_cast<std::int64_t>(std::random_device{}()) & kLowMask) {
    // The clock may have been set back since the last start.
    last_number_ = database_->read([&](Connection& connection) {
        auto log = connection.use(sql::kLastLogId);
        log.bind(name_).step();
        auto run = connection.use(sql::kLastRunId);
        run.bind(name_).step();
        const std::string_view id = run.view(0);
        std::int64_t number = 0;
        if (id.size() == kIdDigits) std::from_chars(id.data(), id.data() + id.size(), number, 16);
        return std::max(log.integer(0), number);
    });
}

std::int64_t Instance::new_number() {
    const std::int64_t from_time = clock_.now() * (kLowMask + 1) + low_bits_;
    const std::lock_guard lock(mutex_);
    last_number_ = std::max(from_time, last_number_ + 1);
    return last_number_;
}

std::string Instance::new_id() {
    std::array<char, kIdDigits> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), new_number(), 16).ptr;
    const auto length = static_cast<std::size_t>(end - digits.data());
    return std::string(kIdDigits - length, '0') + std::string(digits.data(), length);
}

}  // namespace metakocka::store
