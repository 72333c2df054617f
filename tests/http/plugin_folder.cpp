#include "plugin_folder.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace host_test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    std::string out;
    std::array<char, 256> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe.get()) != nullptr)
        out += buffer.data();
    return out;
}

void run_signer(const std::string& arguments) {
    if (std::system((CRM_SIGN_BIN " " + arguments + " >/dev/null").c_str()) != 0) {
        throw std::runtime_error("crm-sign-manifest " + arguments + " failed");
    }
}

fs::path manifest_of(fs::path module) {
    return module.replace_extension(".json");
}

}  // namespace

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
                              fs::perms::others_read);
}

void install_probe(const fs::path& plugins, const std::string& stem) {
    for (const char* extension : {".so", ".json"}) {
        fs::copy_file(fs::path(HOST_PROBE_FOLDER) / (stem + extension), plugins / (stem + extension),
                      fs::copy_options::overwrite_existing);
    }
}

fs::path add_module(const fs::path& plugins, const std::string& stem, const std::string& bytes,
                    const json::object& changes) {
    const fs::path module = plugins / (stem + ".so");
    write_file(module, bytes);
    json::object manifest{{"id", "sound"},
                          {"name", "Sound"},
                          {"version", "1.0.0"},
                          {"file", stem + ".so"},
                          {"sha256", output_of("sha256sum <" + module.string()).substr(0, 64)},
                          {"api", {{"major", 1}, {"minor", 0}}}};
    write_file(manifest_of(module), json::serialize(manifest));
    edit_manifest(module, changes);
    return module;
}

void edit_manifest(const fs::path& module, const json::object& changes) {
    json::object manifest = json::parse(read_file(manifest_of(module))).as_object();
    for (const auto& change : changes) {
        if (change.value().is_null()) {
            manifest.erase(change.key());
        } else {
            manifest[change.key()] = change.value();
        }
    }
    write_file(manifest_of(module), json::serialize(manifest));
}

void sign_manifest(const fs::path& module, const fs::path& key) {
    run_signer("sign --key " + key.string() + " " + manifest_of(module).string());
}

void make_key(const fs::path& file, const std::string& name) {
    run_signer("keygen " + file.string() + " --name '" + name + "'");
}

}  // namespace host_test
