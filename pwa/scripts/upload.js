// Sends each chosen file by itself, with its progress; photographs are made smaller first. The list of what was received
// (data-list) then asks for itself again. A form may not leave the page while files are on their way (after-uploads.js).
const SIDE = 2000, SMALL = 400_000;
export const going = new Set();

// Phones take pictures of 8 MB; 2000 pixels a side are enough to read a paper, and upright.
async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < SMALL) return file;
  try {
    const picture = await createImageBitmap(file, {imageOrientation: 'from-image'});
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await canvas.convertToBlob({type: 'image/jpeg', quality: .8});
    return made.size < file.size ? new File([made], file.name.replace(/\.\w+$/, '.jpg'), {type: 'image/jpeg'}) : file;
  } catch {
    return file;
  }
}

const send = (url, token, file, progress) => new Promise(done => {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append('tep', file);
  request.upload.onprogress = event => progress(Math.round(100 * event.loaded / event.total));
  request.onload = () => done({ok: request.status === 201, said: request.response?.title, version: request.response?.version});
  request.onerror = () => done({});
  request.open('POST', url);
  request.responseType = 'json';
  request.setRequestHeader('Accept', 'application/json');
  request.setRequestHeader('X-CSRFToken', token);
  request.send(body);
});

export default function (root) {
  const form = root.closest('form');
  const tiles = root.querySelector('.picker-going');
  const said = root.querySelector('.picker-said');
  const token = form.elements._csrf_token.value;

  const tile = file => {
    const made = root.querySelector('template').content.firstElementChild.cloneNode(true);
    const picture = file.type.startsWith('image/') && new Image(84, 112);
    if (picture) {
      picture.src = URL.createObjectURL(file);
      picture.onload = picture.onerror = () => URL.revokeObjectURL(picture.src);
      made.querySelector('.tile-page > .icon')?.replaceWith(picture);
    }
    tiles.append(made);
    tiles.hidden = false;
    return made;
  };

  const one = async file => {
    const shown = tile(file);
    const progress = percent => {
      shown.querySelector('.tile-ring b').textContent = `${percent}%`;
      shown.querySelector('.tile-ring circle + circle').setAttribute('stroke-dasharray', `${percent} 100`);
    };
    const answer = await send(root.dataset.url, token, await smaller(file), progress);
    shown.remove();
    tiles.hidden = !tiles.children.length;
    if (answer.ok) document.getElementById(root.dataset.list)?.dispatchEvent(new CustomEvent('files:changed'));
    else said.textContent = `${answer.said ?? `${root.dataset.lost}:`} ${answer.said ? '' : file.name}`.trim();
    if (answer.version && form.elements._version) form.elements._version.value = answer.version;
  };

  root.addEventListener('change', ({target}) => {
    const files = [...target.files];
    target.value = '';
    said.textContent = '';
    // One after the other: a thin line carries one photograph sooner than three at once.
    const sent = files.reduce((before, file) => before.then(() => one(file)), Promise.resolve());
    going.add(sent);
    sent.finally(() => going.delete(sent));
  });
}
