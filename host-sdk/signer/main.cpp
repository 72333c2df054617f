// crm-sign-manifest: makes publishers' keys, signs manifests and verifies them.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "crm/error.hpp"
#include "crm/manifest.hpp"
#include "crm/publisher.hpp"
#include "key_file.hpp"
#include "manifest_file.hpp"
#include "signature.hpp"
#include "written_file.hpp"

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using crm::signer::Readers;

constexpr const char* kUsage =
    "usage: crm-sign-manifest keygen KEY --name NAME [--public FILE.pub] [--keep]\n"
    "       crm-sign-manifest sign --key KEY MANIFEST\n"
    "       crm-sign-manifest verify --public FILE.pub MANIFEST\n"
    "KEY is the private key, which stays with the publisher; FILE.pub (KEY.pub) is for those who trust it.\n"
    "--keep leaves a KEY that is there as it is and only writes FILE.pub.\n";

struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct CommandLine {
    std::string command;
    fs::path file;
    fs::path key;
    fs::path public_key;
    std::string name;
    bool keep = false;
};

CommandLine parse(const std::vector<std::string>& words) {
    CommandLine line;
    std::vector<std::string> plain;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto value = [&] {
            if (i + 1 == words.size()) throw UsageError(words[i] + " needs a value");
            return words[++i];
        };
        if (words[i] == "--key") {
            line.key = value();
        } else if (words[i] == "--public") {
            line.public_key = value();
        } else if (words[i] == "--name") {
            line.name = value();
        } else if (words[i] == "--keep") {
            line.keep = true;
        } else if (words[i].starts_with("--")) {
            throw UsageError("unknown option " + words[i]);
        } else {
            plain.push_back(words[i]);
        }
    }
    if (plain.size() != 2) throw UsageError("a command and a file are needed");
    line.command = plain[0];
    line.file = plain[1];
    return line;
}

void generate(CommandLine line) {
    if (line.name.empty()) throw UsageError("--name is needed: it is what people see");
    if (line.public_key.empty()) line.public_key = line.file.string() + ".pub";
    const bool there = fs::exists(line.file);
    if (there && !line.keep) {
        throw crm::Error(CRM_CONFLICT, line.file.string() +
                                           " is there already. Keep it, since what it signed would no longer "
                                           "be trusted, or name another file");
    }
    const auto key = there ? crm::signer::read_key(line.file) : crm::signer::make_key(line.file, line.name);
    const crm::Publisher publisher = key.publisher();
    crm::signer::write_file(line.public_key, crm::publisher_line(publisher), Readers::kEverybody);
    if (!line.keep) std::cout << "fingerprint " << crm::key_fingerprint(publisher.key) << "\n";
}

// As people write manifests: a member a line. What is signed does not depend on it.
std::string pretty(const json::object& manifest) {
    std::string out = "{";
    for (const auto& member : manifest) {
        if (out.size() > 1) out += ",";
        out += "\n  " + json::serialize(json::string(member.key())) + ": " + json::serialize(member.value());
    }
    return out + "\n}\n";
}

void sign(const CommandLine& line) {
    if (line.key.empty()) throw UsageError("--key is needed");
    const auto key = crm::signer::read_key(line.key);
    const std::string text = crm::detail::read_manifest_text(line.file);
    crm::detail::parse_manifest_of(line.file, text);
    try {
        const json::object made = crm::detail::sign_manifest(json::parse(text).as_object(), key.seed);
        crm::signer::write_file(line.file, pretty(made), Readers::kEverybody);
    } catch (const crm::Error& failure) {
        throw crm::Error(failure.code(), line.file.string() + " was not signed: " + failure.what());
    }
}

void verify(const CommandLine& line) {
    if (line.public_key.empty()) throw UsageError("--public is needed");
    const crm::Publisher publisher = crm::read_publisher(line.public_key);
    const std::string text = crm::detail::read_manifest_text(line.file);
    crm::detail::parse_manifest_of(line.file, text);
    crm::detail::check_signature(line.file, text, std::vector{publisher.key}, false);
    std::cout << "signed by " << publisher.name << ", " << crm::key_fingerprint(publisher.key) << "\n";
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::vector<std::string> words(argv + 1, argv + argc);
        if (std::ranges::any_of(words, [](const auto& word) { return word == "--help" || word == "-h"; })) {
            std::cout << kUsage;
            return 0;
        }
        const CommandLine line = parse(words);
        if (line.command == "keygen") {
            generate(line);
        } else if (line.command == "sign") {
            sign(line);
        } else if (line.command == "verify") {
            verify(line);
        } else {
            throw UsageError("unknown command " + line.command);
        }
        return 0;
    } catch (const UsageError& error) {
        std::cerr << "crm-sign-manifest: " << error.what() << "\n" << kUsage;
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "crm-sign-manifest: " << error.what() << "\n";
        return 1;
    }
}
