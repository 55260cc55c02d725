package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/fluxcd/pkg/ssa/utils"
	k8syaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/yaml"
)

type documentInput struct {
	Text   text
	Strict bool
}

func manifestJSON(raw json.RawMessage) answer {
	in := input[documentInput](raw)
	read := yaml.YAMLToJSON
	if in.Strict {
		read = yaml.YAMLToJSONStrict
	}
	out, err := read(in.Text)
	if why := readInstability(in.Text, out, err); why != "" {
		return unstable(why)
	}
	if err != nil {
		return failed(documentKind(err), err)
	}
	return ok(object{"json": string(out)})
}

func split(in []byte) ([]text, error) {
	reader := k8syaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(in)))
	documents := []text{}
	for {
		document, err := reader.Read()
		if err == io.EOF {
			return documents, nil
		}
		if err != nil {
			return documents, err
		}
		documents = append(documents, bytes.Clone(document))
	}
}

func manifestSplit(raw json.RawMessage) answer {
	documents, err := split(input[documentInput](raw).Text)
	if err != nil {
		return failedAt(len(documents), documentKind(err), err)
	}
	return ok(object{"documents": documents})
}

// manifestRead reads each piece as it comes: a broken one hides a bad
// separator behind it.
func manifestRead(raw json.RawMessage) answer {
	documents, splitErr := split(input[documentInput](raw).Text)
	read := []string{}
	for i, document := range documents {
		out, err := yaml.YAMLToJSON(document)
		if why := readInstability(document, out, err); why != "" {
			return unstable(why)
		}
		if err != nil {
			return failedAt(i, documentKind(err), err)
		}
		read = append(read, string(out))
	}
	if splitErr != nil {
		return failedAt(len(documents), documentKind(splitErr), splitErr)
	}
	return ok(object{"documents": read})
}

func manifestObjects(raw json.RawMessage) answer {
	in := input[documentInput](raw)
	objects, err := utils.ReadObjects(bytes.NewReader(in.Text))
	// The pieces that the YAML arm reads are those of the splitter.
	if pieces, splitErr := split(in.Text); splitErr == nil {
		for _, piece := range pieces {
			out, err := yaml.YAMLToJSON(piece)
			if why := readInstability(piece, out, err); why != "" {
				return unstable(why)
			}
		}
	}
	if err != nil {
		return failed(documentKind(err), err)
	}
	read := []string{}
	for _, o := range objects {
		out, err := json.Marshal(o.Object)
		if err != nil {
			return failed(documentKind(err), err)
		}
		read = append(read, string(out))
	}
	return ok(object{"objects": read})
}

func manifestReadV3(raw json.RawMessage) answer {
	in := input[documentInput](raw)
	switch expansionDanger(in.Text) {
	case mayOverflow:
		if os.Getenv(childVariable) == "" {
			return askChild("manifest.read_v3", raw)
		}
	case fillsMemory:
		return failed("limit", errors.New("aliases expand beyond what the oracle opens"))
	}
	nodes, err := kio.FromBytes(in.Text)
	if err != nil {
		return failed(documentKind(err), err)
	}
	read := []string{}
	for i, node := range nodes {
		out, err := node.MarshalJSON()
		if err != nil {
			return failedAt(i, documentKind(err), err)
		}
		read = append(read, string(out))
	}
	return ok(object{"documents": read})
}

func manifestWrite(raw json.RawMessage) answer {
	in := input[struct{ JSON string }](raw)
	decoder := json.NewDecoder(strings.NewReader(in.JSON))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		panic(err)
	}
	if why := writeInstability(value); why != "" {
		return unstable(why)
	}
	out, err := yaml.Marshal(value)
	if err != nil {
		return failed(documentKind(err), err)
	}
	return ok(object{"yaml": text(out)})
}
