// Takes all products of the ERP into one SQLite table: fetch, parse, hash, write what changed. No links, no
// exact decimals, no second database, no run log: what the module does on top of this is its price.
//
//   bench-floor MODE BASE_URL CA_FILE COMPANY KEY DATABASE    MODE is a word for the report
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>
#include <boost/json.hpp>

#include <Poco/Net/NetSSL.h>

#include "floor_erp.hpp"
#include "floor_table.hpp"

namespace {

namespace json = boost::json;

constexpr std::uint64_t kPage = 1000;
constexpr std::size_t kHashBytes = 32;
constexpr std::array kColumns{"code",   "name",  "name_desc",  "unit",    "barcode",
                              "weight", "sales", "purchasing", "service", "activated"};

// The row's values without quotes and spaces, each after its name.
void append_normal(std::string& out, const json::value& value) {
    if (const auto* text = value.if_string()) {
        out += std::string_view(*text);
    } else if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            out += member.key();
            out += '\x1f';
            append_normal(out, member.value());
            out += '\x1e';
        }
    } else if (const auto* list = value.if_array()) {
        for (const auto& item : *list) append_normal(out, item);
    } else {
        out += json::serialize(value);
    }
}

class Hasher {
  public:
    std::string_view operator()(std::string_view text) {
        unsigned int size = 0;
        if (EVP_DigestInit_ex(context_.get(), algorithm_.get(), nullptr) != 1 ||
            EVP_DigestUpdate(context_.get(), text.data(), text.size()) != 1 ||
            EVP_DigestFinal_ex(context_.get(), bytes_.data(), &size) != 1) {
            throw std::runtime_error("SHA-256 does not work");
        }
        return {reinterpret_cast<const char*>(bytes_.data()), size};
    }

  private:
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm_{EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                               &EVP_MD_free};
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    std::array<unsigned char, kHashBytes> bytes_{};
};

std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

class Floor {
  public:
    Floor(bench::Erp& erp, bench::Table& table) : erp_(erp), table_(table) {}

    void take_all() {
        for (std::uint64_t offset = 0;; offset += kPage) {
            if (take_page(erp_.page(offset, kPage)) < kPage) return;
        }
    }
    [[nodiscard]] std::uint64_t records() const { return records_; }
    [[nodiscard]] std::uint64_t written() const { return written_; }

  private:
    std::size_t take_page(const std::string& body) {
        json::monotonic_resource memory;
        const json::value answer = json::parse(body, &memory);
        const auto* list = answer.as_object().if_contains("product_list");
        const bool rows = list != nullptr && (list->is_array() || list->is_object());
        if (!rows) return 0;
        table_.begin();
        if (list->is_object()) {
            take(list->get_object());
        } else {
            for (const auto& row : list->get_array()) take(row.as_object());
        }
        table_.commit();
        return list->is_object() ? 1 : list->get_array().size();
    }

    void take(const json::object& row) {
        ++records_;
        normal_.clear();
        for (const auto& member : row) {
            normal_ += member.key();
            normal_ += '\x1f';
            append_normal(normal_, member.value());
            normal_ += '\x1e';
        }
        const std::string_view hash = hash_(normal_);
        const std::string id = text_of(row.at("mk_id"));
        if (table_.holds(id, hash)) return;
        std::array<std::string, kColumns.size()> texts;
        std::array<std::string_view, kColumns.size()> values;
        for (std::size_t i = 0; i < kColumns.size(); ++i) {
            const auto* value = row.if_contains(kColumns[i]);
            if (value == nullptr || value->is_null()) continue;
            values[i] = texts[i] = text_of(*value);
        }
        table_.put(id, hash, values);
        ++written_;
    }

    bench::Erp& erp_;
    bench::Table& table_;
    Hasher hash_;
    std::string normal_;
    std::uint64_t records_ = 0;
    std::uint64_t written_ = 0;
};

double peak_memory_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kib = 0;
        if (word == "VmHWM:" && status >> kib) return kib / 1024;
    }
    return 0;
}

void run(char** arguments) {
    bench::Erp erp(arguments[2], arguments[3], arguments[4], arguments[5]);
    bench::Table table(arguments[6], kColumns);
    Floor floor(erp, table);
    const auto start = std::chrono::steady_clock::now();
    floor.take_all();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%s\n", json::serialize(
                            json::object{{"mode", arguments[1]},
                                         {"records", floor.records()},
                                         {"written", floor.written()},
                                         {"seconds", seconds},
                                         {"recordsPerSecond", static_cast<double>(floor.records()) / seconds},
                                         {"peakMemoryMiB", peak_memory_mib()}})
                            .c_str());
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 7) {
        std::fprintf(stderr, "bench-floor MODE BASE_URL CA_FILE COMPANY KEY DATABASE\n");
        return 2;
    }
    Poco::Net::initializeSSL();
    int result = 0;
    try {
        run(arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench-floor: %s\n", error.what());
        result = 1;
    }
    Poco::Net::uninitializeSSL();
    return result;
}
