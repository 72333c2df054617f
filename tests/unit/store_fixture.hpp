// A store in a folder of its own, with a master key and a clock that tests control.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "store/instance.hpp"
#include "sync/sync_store.hpp"
#include "vault/key_wrapper.hpp"

namespace metakocka::store::test {

// Not secure, but as strict as a host: another master key is noticed only where `strict`.
class TestWrapper final : public vault::KeyWrapper {
  public:
    explicit TestWrapper(unsigned char master = 0x5A, bool strict = true)
        : master_(master), strict_(strict) {}

    std::string wrap(std::string_view key) override { return static_cast<char>(master_) + mask(key); }

    std::string unwrap(std::string_view wrapped) override {
        if (strict_ && wrapped.substr(0, 1) != std::string(1, static_cast<char>(master_))) {
            throw std::runtime_error("another master key");
        }
        return mask(wrapped.substr(1));
    }

  private:
    std::string mask(std::string_view text) const {
        std::string masked(text);
        for (char& c : masked) c = static_cast<char>(static_cast<unsigned char>(c) ^ master_);
        return masked;
    }

    unsigned char master_;
    bool strict_;
};

class TestClock final : public sync::Clock {
  public:
    sync::Instant now() override { return now_; }
    sync::Instant monotonic() override { return now_; }
    void set(sync::Instant now) { now_ = now; }
    void advance(sync::Duration duration) { now_ += duration; }

  private:
    std::atomic<sync::Instant> now_{1'800'000'000 * sync::kSecond};
};

// Removed with all it holds.
class TempFolder {
  public:
    TempFolder() : path_(std::filesystem::temp_directory_path() / name()) {
        std::filesystem::create_directories(path_);
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path file() const { return path_ / "autosync.db"; }

    // Every byte of every file in it.
    std::string bytes() const {
        std::string all;
        for (const auto& entry : std::filesystem::directory_iterator(path_)) {
            std::ifstream in(entry.path(), std::ios::binary);
            all.append(std::istreambuf_iterator<char>(in), {});
        }
        return all;
    }

  private:
    static std::string name() {
        std::random_device random;
        return "autosync-test-" + std::to_string(random()) + "-" + std::to_string(random());
    }

    std::filesystem::path path_;
};

struct World {
    TempFolder folder;
    TestWrapper wrapper;
    TestClock clock;

    std::shared_ptr<Instance> open(const std::string& name = "acme") {
        return Instance::open(folder.path(), name, wrapper, clock);
    }
};

// What an attacker with the file can do.
inline void tamper(const TempFolder& folder, const std::string& sql) {
    sqlite3* handle = nullptr;
    const bool done = sqlite3_open(folder.file().string().c_str(), &handle) == SQLITE_OK &&
                      sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
    sqlite3_close(handle);
    if (!done) throw std::runtime_error("tampering failed: " + sql);
}

inline sync::LinkChange link_of(const std::string& erp_id, const std::string& crm_id,
                                const std::string& base = "base") {
    sync::LinkChange change;
    change.link.erp_id = erp_id;
    change.link.crm_id = crm_id;
    change.link.fingerprint.fill(static_cast<std::uint8_t>(erp_id.size()));
    change.link.unchanged_at = 11;
    change.link.changed_at = 22;
    change.base = base;
    return change;
}

inline sync::Run run(const std::string& id, RecordKind kind = RecordKind::kProducts,
                     sync::RunState state = sync::RunState::kRunning) {
    sync::Run made;
    made.id = id;
    made.kind = kind;
    made.state = state;
    return made;
}

}  // namespace metakocka::store::test
