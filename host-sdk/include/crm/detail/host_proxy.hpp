// Module side: the host's tables as a crm::IHost.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "crm/detail/guard.hpp"
#include "crm/host.hpp"

namespace crm::detail {

class HostProxy final : public IHost {
  public:
    // Throws crm::Error(CRM_UNSUPPORTED) that names the service, when one every connector needs is missing:
    // better at create than in the middle of a run.
    explicit HostProxy(const crm_host* host) {
        if (!offers(host, &crm_host::query))
            throw Error(CRM_INVALID, "the host gave no table of its services");
        log_ = find<crm_log>(*host, CRM_SERVICE_LOG);
        clock_ = find<crm_clock>(*host, CRM_SERVICE_CLOCK);
        settings_ = find<crm_settings>(*host, CRM_SERVICE_SETTINGS);
        records_ = find<crm_records>(*host, CRM_SERVICE_RECORDS);
        keys_ = find<crm_keys>(*host, CRM_SERVICE_KEYS);
        files_ = find<crm_files>(*host, CRM_SERVICE_FILES);
        notify_ = find<crm_notify>(*host, CRM_SERVICE_NOTIFY);
        wake_ = find<crm_wake>(*host, CRM_SERVICE_WAKE);
        threads_ = find<crm_threads>(*host, CRM_SERVICE_THREADS);
        require(offers(log_, &crm_log::write), CRM_SERVICE_LOG);
        require(offers(clock_, &crm_clock::now_us) && offers(clock_, &crm_clock::monotonic_us),
                CRM_SERVICE_CLOCK);
        require(offers(settings_, &crm_settings::get) && offers(settings_, &crm_settings::put),
                CRM_SERVICE_SETTINGS);
        require(offers(records_, &crm_records::query) && offers(records_, &crm_records::upsert),
                CRM_SERVICE_RECORDS);
    }

    void log(LogLevel level, std::string_view text) noexcept override {
        log_->write(log_->ctx, static_cast<std::uint32_t>(level), text.data(), text.size());
    }
    Instant now() override { return clock_->now_us(clock_->ctx); }
    Instant monotonic() override { return clock_->monotonic_us(clock_->ctx); }

    std::string settings() override {
        return call_for_text("reading the settings", [this](const crm_sink* json, const crm_sink* error) {
            return settings_->get(settings_->ctx, json, error);
        });
    }
    void put_settings(std::string_view json) override {
        call("storing the settings", [&](const crm_sink* error) {
            return settings_->put(settings_->ctx, json.data(), json.size(), error);
        });
    }

    std::string query_records(std::string_view request) override {
        return call_for_text("querying records", [&](const crm_sink* answer, const crm_sink* error) {
            return records_->query(records_->ctx, request.data(), request.size(), answer, error);
        });
    }
    std::string upsert_records(std::string_view request) override {
        return call_for_text("writing records", [&](const crm_sink* answer, const crm_sink* error) {
            return records_->upsert(records_->ctx, request.data(), request.size(), answer, error);
        });
    }

    std::string changed_records(std::string_view request) override {
        need(offers(records_, &crm_records::changes), "a change feed (crm_records.changes)");
        return call_for_text("asking for changes", [&](const crm_sink* answer, const crm_sink* error) {
            return records_->changes(records_->ctx, request.data(), request.size(), answer, error);
        });
    }

    std::string wrap_key(std::string_view key) override {
        need(offers(keys_, &crm_keys::wrap), CRM_SERVICE_KEYS);
        return call_for_text("wrapping a key", [&](const crm_sink* wrapped, const crm_sink* error) {
            return keys_->wrap(keys_->ctx, key.data(), key.size(), wrapped, error);
        });
    }
    std::string unwrap_key(std::string_view wrapped) override {
        need(offers(keys_, &crm_keys::unwrap), CRM_SERVICE_KEYS);
        return call_for_text("unwrapping a key", [&](const crm_sink* key, const crm_sink* error) {
            return keys_->unwrap(keys_->ctx, wrapped.data(), wrapped.size(), key, error);
        });
    }
    std::string directory() override {
        need(offers(files_, &crm_files::directory), CRM_SERVICE_FILES);
        std::string folder =
            call_for_text("asking for the folder", [this](const crm_sink* path, const crm_sink* error) {
                return files_->directory(files_->ctx, path, error);
            });
        // A system call reads a path up to its first NUL: "/\0…" would be the root folder.
        if (folder.find('\0') != std::string::npos || !std::filesystem::path(folder).is_absolute()) {
            throw Error(CRM_INVALID, "the host's folder for this connector is no absolute path");
        }
        return folder;
    }
    void notify(std::string_view json) noexcept override {
        if (offers(notify_, &crm_notify::post)) notify_->post(notify_->ctx, json.data(), json.size());
    }
    void wake() noexcept override {
        if (offers(wake_, &crm_wake::wake)) wake_->wake(wake_->ctx);
    }
    std::uint32_t threads_allowed() noexcept override {
        return offers(threads_, &crm_threads::allowed) ? threads_->allowed(threads_->ctx) : 0;
    }

  private:
    template <class Table>
    static const Table* find(const crm_host& host, std::string_view name) {
        return static_cast<const Table*>(host.query(host.ctx, name.data(), name.size()));
    }
    static void require(bool offered, const char* service) {
        if (!offered) {
            throw Error(CRM_UNSUPPORTED, std::string("this host does not offer ") + service +
                                             " (or an older, shorter one), which every connector needs; "
                                             "update the host");
        }
    }
    static void need(bool offered, const char* service) {
        if (!offered) throw Error(CRM_UNSUPPORTED, std::string("this host does not offer ") + service);
    }

    const crm_log* log_ = nullptr;
    const crm_clock* clock_ = nullptr;
    const crm_settings* settings_ = nullptr;
    const crm_records* records_ = nullptr;
    const crm_keys* keys_ = nullptr;
    const crm_files* files_ = nullptr;
    const crm_notify* notify_ = nullptr;
    const crm_wake* wake_ = nullptr;
    const crm_threads* threads_ = nullptr;
};

}  // namespace crm::detail
