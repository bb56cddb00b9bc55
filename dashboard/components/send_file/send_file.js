// A file goes to the server as it is, with a bar that tells how far it is, and can be broken off.
export function SendFile({ id, url, accept, largest, text, setProps }) {
  const { createElement: h, useRef, useState } = window.React;
  const input = useRef(null);
  const sending = useRef(null);
  const [share, setShare] = useState(null);
  const [wrong, setWrong] = useState("");
  const [over, setOver] = useState(false);
  const end = (told) => { sending.current = null; setShare(null); setWrong(told); };
  const send = (file) => {
    if (!file || sending.current) return;
    if (file.size > largest) { setWrong(text.large); return; }
    const request = new XMLHttpRequest();
    sending.current = request;
    setWrong("");
    setShare(0);
    request.upload.onprogress = (event) => { if (event.lengthComputable) setShare(event.loaded / event.total); };
    request.onload = () => {
      const told = request.responseText.trim();
      if (request.status !== 200) { end(told || text.failed); return; }
      end("");
      setProps({ sent: JSON.parse(told).id });
    };
    request.onerror = () => end(text.failed);
    request.onabort = () => end(text.stopped);
    request.open("PUT", `${url}?${new URLSearchParams({ name: file.name })}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  };
  const drop = (event) => { event.preventDefault(); setOver(false); send(event.dataTransfer.files[0]); };
  return h("div", {
    id, className: over ? "send-file over" : "send-file", onDrop: drop,
    onDragOver: (event) => { event.preventDefault(); setOver(true); }, onDragLeave: () => setOver(false),
  },
  h("input", {
    type: "file", ref: input, accept, tabIndex: -1, "aria-label": text.choose,
    onChange: (event) => { const [file] = event.target.files; send(file); event.target.value = ""; },
  }),
  share === null
    ? h("button", { type: "button", onClick: () => input.current.click() }, text.choose)
    : h("button", { type: "button", onClick: () => sending.current && sending.current.abort() }, text.stop),
  share === null ? h("span", null, text.drop) : h("progress", { value: share, max: 1, "aria-label": text.sending }),
  h("small", null, text.limits),
  wrong && h("p", { role: "alert", className: "wrong" }, wrong));
}
