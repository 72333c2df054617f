#include "sync/matcher.hpp"

#include <algorithm>
#include <cctype>

namespace metakocka::sync {

namespace {

struct Key {
    std::string text;  // with its kind in front, so that a code never matches a barcode
    std::string_view name;
};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// The keys of a record, the most trustworthy first.
std::vector<Key> keys_of(const Record& record) {
    std::vector<Key> keys;
    const auto add = [&keys](std::string_view prefix, const Value& value, std::string_view name) {
        if (value && !value->empty()) keys.push_back({std::string(prefix) + *value, name});
    };
    if (record.kind == RecordKind::kContacts) {
        if (const Value& tax = record.at("taxNumber")) add("t:", tax_key(*tax), "tax number");
        if (const Value& email = record.at("email")) add("e:", lower(*email), "e-mail");
        const Value& name = record.at("name");
        const Value& post = record.at("postNumber");
        if (name && post) add("n:", *name + '\n' + *post, "name and post number");
    } else if (record.kind == RecordKind::kProducts) {
        add("c:", record.at("code"), "code");
        add("b:", record.at("barcode"), "barcode");
    }
    return keys;
}

}  // namespace

std::string tax_key(std::string_view tax_number) {
    std::string key;
    for (const char c : tax_number) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isspace(byte) == 0) key.push_back(static_cast<char>(std::toupper(byte)));
    }
    const auto is_letter = [&key](std::size_t i) {
        return std::isalpha(static_cast<unsigned char>(key[i])) != 0;
    };
    if (key.size() > 2 && is_letter(0) && is_letter(1)) key.erase(0, 2);
    return key;
}

void Matcher::load() {
    loaded_ = true;
    constexpr std::size_t kPage = 500;
    std::string after;
    while (true) {
        const CrmPage page = crm_.unlinked(kind_, after, kPage);
        for (const auto& row : page.rows) {
            for (const auto& key : keys_of(row.record)) by_key_[key.text].push_back(row.id);
            if (kind_ != RecordKind::kContacts) continue;
            if (const Value& tax = row.record.at("taxNumber")) tax_of_[row.id] = tax_key(*tax);
        }
        if (!page.next) return;
        after = *page.next;
    }
}

Match Matcher::find(const Record& erp) {
    const auto keys = keys_of(erp);
    if (keys.empty()) return {};
    if (!loaded_) load();
    const std::string tax = keys.front().text.starts_with("t:") ? keys.front().text.substr(2) : "";
    for (const auto& key : keys) {
        const auto found = by_key_.find(key.text);
        if (found == by_key_.end()) continue;
        std::vector<std::string> ids;
        for (const auto& id : found->second) {
            // Two different tax numbers are two different contacts, whatever else they share.
            const auto other = tax_of_.find(id);
            const bool differs = !tax.empty() && other != tax_of_.end() && other->second != tax;
            if (!differs && !taken_.contains(id)) ids.push_back(id);
        }
        if (ids.size() == 1) return {.crm_id = ids.front(), .ambiguity = {}};
        if (ids.empty()) continue;
        return {.crm_id = {},
                .ambiguity = std::to_string(ids.size()) + " records of the CRM have the same " +
                             std::string(key.name) + " (ids " + ids[0] + ", " + ids[1] +
                             (ids.size() > 2 ? ", …" : "") +
                             "); merge them in the CRM, then it is linked at the next run"};
    }
    return {};
}

}  // namespace metakocka::sync
