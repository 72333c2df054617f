#include "api/errors.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

namespace metakocka::api {
namespace {

using sync::ErpErrorClass;

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// "Cannot find document type X with id = N", "No complaints found". Not "Profit center 'X' doesn't exist.":
// that one is about a value we sent.
bool says_not_found(const std::string& text) {
    return has(text, "cannot find") || has(text, "can't find") ||
           (text.starts_with("no ") && has(text, " found"));
}

bool says_already_exists(const std::string& text) {
    return has(text, "already exist") || has(text, "že obstaja") || has(text, "Že obstaja");
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

}  // namespace

ErpErrorClass classify(std::string_view opr_code, std::string_view text) {
    if (opr_code == "3") return ErpErrorClass::kCredentials;
    if (opr_code == "4") return ErpErrorClass::kAddress;
    if (opr_code == "5") return ErpErrorClass::kQuota;
    const std::string words = lower(text);
    if (has(words, "quote exceed") || has(words, "quota exceed")) return ErpErrorClass::kQuota;
    if (opr_code == "1") return ErpErrorClass::kTransient;
    if (opr_code == "2" && (has(words, "secret_key") || has(words, "company_id"))) {
        return ErpErrorClass::kCredentials;
    }
    if ((opr_code == "2" || opr_code == "6") && says_not_found(words)) return ErpErrorClass::kNotFound;
    if ((opr_code == "2" || opr_code == "6") && says_already_exists(words)) {
        return ErpErrorClass::kAlreadyExists;
    }
    return ErpErrorClass::kRecord;
}

ErpErrorClass classify_http(int status) {
    if (status == 429) return ErpErrorClass::kQuota;
    if (status >= 500 || status == 408 || (status >= 200 && status < 300)) return ErpErrorClass::kTransient;
    return ErpErrorClass::kNotTheApi;  // 404 for the wrong path family, 3xx and 401 of something else
}

std::string Redactor::operator()(std::string_view text) const {
    constexpr std::size_t kLongest = 500;
    constexpr std::string_view kMark = "***";
    std::string result(text);
    if (!secret_.empty()) {
        replace_all(result, secret_, kMark);
        // As it would stand inside a JSON text.
        std::string quoted = boost::json::serialize(boost::json::string_view(secret_));
        quoted = quoted.substr(1, quoted.size() - 2);
        if (quoted != secret_) replace_all(result, quoted, kMark);
    }
    for (char& c : result) {
        if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = ' ';
    }
    if (result.size() > kLongest) {
        std::size_t end = kLongest;  // never inside a UTF-8 sequence
        while (end > 0 && (static_cast<unsigned char>(result[end]) & 0xC0U) == 0x80U) --end;
        result.resize(end);
        result += "…";
    }
    return result;
}

}  // namespace metakocka::api
